l = [3, 1, 2, 5, 4] * 3
def key(x):
    l.append(x)
    l.clear()
    return -x
class C:
    def __lt__(self, other): return l.append(1) or True
def upgrade():
    l.sort(key=key)
    l.extend([C() for _ in range(20)])
    l.sort()
    g = (next(g) for _ in [1])
    for x in l: l.remove(x)
    return list(g)
