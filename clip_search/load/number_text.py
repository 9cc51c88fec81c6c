"""Writes numbers as text so that the same number always gives the same text."""

from decimal import Decimal, InvalidOperation

# More digits than any id has; a number like 1e999999999 keeps its spelling.
MAX_DIGITS = 40


def whole_number_text(text: str) -> str:
    """A decimal number; one that is whole without fraction and exponent.

    `12345678901.0` and `1.2345678901e10` become `12345678901`; `2.50` stays `2.50`.

    Args:
        text: The number, in the spelling of JSON.
    """
    if text.lstrip("-").isdigit():
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        # Its exponent has more than 18 digits.
        return text
    if number.adjusted() >= MAX_DIGITS or number != number.to_integral_value():
        return text
    return str(int(number))
