{# A table of this model's schema, as it stands before this model: by its name, for it reads this model, and a ref to it
   would go in a circle. #}
{% macro by_name(table) %} {{ return(this.incorporate(path={"identifier": table})) }} {% endmacro %}
