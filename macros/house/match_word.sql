{# A text as it is compared: lower case, accents resolved, letters and digits only. Plain letters make both engines count
   the same differences. #}
{% macro match_word(column) -%}
    {% set wide = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe"} %}
    {% set plain = namespace(text="lower(" ~ column ~ ")") %}
    {% for letter, letters in wide.items() %}
        {% set plain.text = "replace(" ~ plain.text ~ ", '" ~ letter ~ "', '" ~ letters ~ "')" %}
    {% endfor %}
    {% set plain.text = (
        "translate("
        ~ plain.text
        ~ ", 'áàâãåāăąçćčďđéèêëēęěíìîïīłľñńňóòôõōőŕřśšşșťţțúùûūůűýÿźžż', 'aaaaaaaacccddeeeeeeeiiiiillnnnoooooorrsssstttuuuuuuyyzzz')"
    ) %}
    nullif({{ regex_replace_all(plain.text, "[^a-z0-9]", "") }}, '')
{%- endmacro %}
