def upgrade():
    l = list(range(10))
    l[2:5] = (l.clear() for _ in [1])
    l += [1, 2, 3]
    del l[(l.clear() or 0):3]
    l[l.append(1) or -9:99] = "héllo"[::-1]
    s = "héllo"
    d = {"a": l, (1, 2): s, None: {1, 2.0, True}}
    for k in d: d.pop(k)
    return l[::-2], s[-100:100:3], s[9223372036854775807:], s[-9223372036854775808:]
