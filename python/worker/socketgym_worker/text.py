"""Types, values and exceptions as text. Needs nothing but Python, so that it can say what else is missing."""

MAX_REPR = 500
MAX_MESSAGE = 8 * 1024


def type_name(kind):
    """Returns a type's qualified name, without the module for a builtin."""
    module = getattr(kind, "__module__", None)
    name = getattr(kind, "__qualname__", kind.__name__)
    return name if module in ("builtins", None) else "%s.%s" % (module, name)


def brief(value):
    """Returns a value's repr, cut after 500 characters; one that fails is described instead."""
    try:
        text = repr(value)
        return text if len(text) <= MAX_REPR else text[:MAX_REPR] + "..."
    except Exception as error:
        return "<%s whose repr raised %s>" % (type_name(type(value)), type_name(type(error)))


def summary(error):
    """Returns the last line of a traceback: ``ValueError: what was wrong``."""
    try:
        text = str(error)
    except Exception:
        text = "<its message cannot be made>"
    return cut(
        "%s: %s" % (type_name(type(error)), text) if text else type_name(type(error)), MAX_MESSAGE
    )


def cut(text, limit):
    """Returns a text of at most about ``limit`` characters: both ends, since a traceback's end says most."""
    return (
        text
        if len(text) <= limit
        else text[: limit // 2] + "\n... (cut) ...\n" + text[-limit // 2 :]
    )
