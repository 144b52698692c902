def upgrade():
    global upgrade
    upgrade = 1
    del upgrade
    x = [y := x for x in [1] if (lambda: y)]
    print(len, zz)
    try:
        del x, x
    except NameError as x:
        del x
    return x
