import enum
class Kind(str, enum.Enum):
    A = "a"
    B = enum.auto()
    C = "a"
class P:
    def __init__(self, a, *b, c=1, **d): self.a = (a, b, c, d)
    def __eq__(self, other): return self.a == other.a
    def __lt__(self, other): return True
    def __iter__(self): return iter(self.a)
def upgrade():
    all = sorted([P(1), P(2, 3), P(*[1, 2], **{"c": 4})])
    return [k.value for k in Kind], all[0] == all[1], list(all[0]), max(all)
