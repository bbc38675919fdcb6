{# A flat JSON object as text from [name, sql] pairs, the same bytes on every engine. A third item "raw" keeps a
   number or boolean unquoted; nulls are written as null. One call: a chain of || would write the text anew for every link. #}
{% macro json_object(fields) -%}
    concat(
        '{',
        {% for field in fields -%}
            '{{ "," if not loop.first }}"{{ field[0] }}":',
            {% if field | length == 3 -%} coalesce(cast({{ field[1] }} as string), 'null'),
            {%- else -%} {{ json_quoted(field[1]) }},
            {%- endif %}
        {% endfor %}
        '}'
    )
{%- endmacro %}

{# A text in quotes: backslash and quote escaped, control characters become spaces. #}
{% macro json_quoted(value) -%}
    {%- set clean = regex_replace_all(value, "[\\x00-\\x1f]", " ") -%}
    {%- set backslashes = "replace(" ~ clean ~ ", chr(92), chr(92) || chr(92))" -%}
    coalesce(chr(34) || replace({{ backslashes }}, chr(34), chr(92) || chr(34)) || chr(34), 'null')
{%- endmacro %}
