{#- The features that are weighed, by name: columns of `rewrite_feature` and of the seed
    `rewrite_weight`. -#}
{% macro rewrite_features() %}
    {{- return([
        'frequency',
        'new_frequency',
        'least_new_frequency',
        'part_user_points',
        'term_user_points',
        'new_term_user_points',
        'absence_points',
        'user_points',
        'rewritten_user_points',
        'retried_points',
        'returned_points',
        'shared_clip_points',
        'letter_points',
        'lead_points',
        'is_first_letter',
        'is_plural',
        'is_swap',
        'is_other_letter',
        'zero_result_percent',
        'clicked_percent',
        'rewritten_clicked_percent',
    ]) -}}
{% endmacro %}
