def f(n):
    try:
        if n: raise ValueError(n, {"a": n})
        return 1 / n
    except (KeyError, ZeroDivisionError) as e:
        raise RuntimeError(str(e)) from e
    except ValueError as e:
        return e.args
    finally:
        for x in "ab":
            if x == "b": break
def upgrade():
    return f(1), f(0)
