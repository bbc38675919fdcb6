{# A table carried from pass to pass: the model says which rows are new or have changed, and they take the place of the
   rows with the same unique_key; without a key they are added. Built anew when identity_before() is none. #}
{% materialization carried, default, supported_languages = ["sql"] %}
    {% set target_relation = this.incorporate(type="table") %}
    {% set rows = this.identifier ~ "__rows" %}
    {{ run_hooks(pre_hooks) }}
    {% if config.get("contract").enforced %} {% do get_assert_columns_equivalent(sql) %} {% endif %}
    {% if identity_before() %}
        {% do replace_working_table(rows, sql) %}
        {% call statement("main") %}
            {{ put_rows(target_relation, working_table(rows), config.get("unique_key", [])) }}
        {% endcall %}
        {% do drop_working_table(rows) %}
    {% else %}
        {% call statement("main") %} {{ replace_table_as(target_relation, sql) }} {% endcall %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}
