{{ config(post_hook=unique_index(['position'])) }}

-- One row per position that a letter can have in a text, from 1 to 64.

with bit as (
    select 0 as digit
    union all
    select 1 as digit
),

int_letter_position as (
    select
        1
        + bit_1.digit
        + 2 * bit_2.digit
        + 4 * bit_3.digit
        + 8 * bit_4.digit
        + 16 * bit_5.digit
        + 32 * bit_6.digit as position
    from bit as bit_1
    cross join bit as bit_2
    cross join bit as bit_3
    cross join bit as bit_4
    cross join bit as bit_5
    cross join bit as bit_6
)

select * from int_letter_position
