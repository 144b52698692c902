#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "tests/unit/compare/catalogue_of.h"

/// What must hold for all catalogues: tried on random ones, the same in every run.
namespace driftd {
namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::mt19937 engine_;
};

GivenObjects random_objects(Dice& dice) {
  GivenObjects objects;
  for (int s = dice.below(3); s >= 0; --s) {
    const std::string schema_name = "s" + std::to_string(s);
    objects.push_back(schema(schema_name));
    for (int t = dice.below(4); t > 0; --t) {
      const std::string name = schema_name + ".t" + std::to_string(t);
      objects.push_back(table(name));
      for (int c = 1; c <= dice.below(6); ++c) {
        objects.push_back(
            column(name, "c" + std::to_string(c), c, dice.one_in(2) ? "integer" : "text"));
      }
      if (dice.one_in(2)) objects.push_back(index(name, "ix" + std::to_string(t), "c1"));
    }
  }
  return objects;
}

GivenObjects mutated(GivenObjects objects, Dice& dice) {
  for (int i = 1 + dice.below(3); i > 0 && !objects.empty(); --i) {
    const auto at = static_cast<std::size_t>(dice.below(static_cast<int>(objects.size())));
    switch (dice.below(3)) {
      case 0:
        objects.erase(objects.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        if (!objects[at].properties.empty()) objects[at].properties.back().second += "x";
        break;
      default:
        objects[at].identity += "_new";
    }
  }
  return objects;
}

std::vector<std::string> swapped_lines(const std::vector<Drift>& drifts) {
  std::vector<std::string> lines;
  for (Drift drift : drifts) {
    if (drift.kind == DriftKind::Missing) {
      drift.kind = DriftKind::Unexpected;
    } else if (drift.kind == DriftKind::Unexpected) {
      drift.kind = DriftKind::Missing;
    }
    if (drift.kind == DriftKind::Renamed) drift.object.identity = *drift.differences[0].actual;
    for (Difference& difference : drift.differences) {
      std::swap(difference.expected, difference.actual);
    }
    lines.push_back(line_of(drift));
  }
  std::ranges::sort(lines);
  return lines;
}

TEST(CompareProperties, WithItselfIsNothing) {
  Dice dice(1);
  for (int i = 0; i < 300; ++i) {
    GivenObjects objects = random_objects(dice);
    GivenObjects reversed(objects.rbegin(), objects.rend());
    EXPECT_TRUE(compare_given(objects, reversed).empty());
  }
}

TEST(CompareProperties, SwappingTheSidesSwapsTheDrifts) {
  Dice dice(2);
  for (int i = 0; i < 500; ++i) {
    const GivenObjects expected = random_objects(dice);
    const GivenObjects actual = mutated(expected, dice);
    // A column whose number stays while its name goes elsewhere has two equal answers.
    std::vector<std::string> forth = lines_of(compare_given(expected, actual));
    std::ranges::sort(forth);
    EXPECT_EQ(forth, swapped_lines(compare_given(actual, expected))) << "round " << i;
  }
}

TEST(CompareProperties, DifferentIsNeverNothing) {
  Dice dice(3);
  for (int i = 0; i < 500; ++i) {
    const GivenObjects expected = random_objects(dice);
    const GivenObjects actual = mutated(expected, dice);
    bool different = expected.size() != actual.size();
    for (std::size_t at = 0; !different && at < expected.size(); ++at) {
      different = expected[at].identity != actual[at].identity ||
                  expected[at].properties != actual[at].properties;
    }
    EXPECT_EQ(!compare_given(expected, actual).empty(), different) << "round " << i;
  }
}

TEST(CompareProperties, EveryObjectIsToldOnce) {
  Dice dice(4);
  for (int i = 0; i < 200; ++i) {
    const GivenObjects objects = random_objects(dice);
    std::size_t told = 0;
    for (const Drift& drift : compare_given(objects, {})) told += 1 + drift.folded;
    EXPECT_EQ(told, objects.size());
  }
}

GivenObjects many_tables(int count, const std::string& suffix) {
  GivenObjects objects{schema("app")};
  for (int t = 0; t < count; ++t) {
    const std::string name = "app.t" + std::to_string(t) + suffix;
    objects.push_back(table(name));
    for (int c = 1; c <= 10; ++c) objects.push_back(column(name, "c" + std::to_string(c), c));
  }
  return objects;
}

/// Renaming every table of 20,000 objects has no candidate but too many; it must not be tried
/// pair by pair. The bound is generous: a quadratic search takes minutes.
TEST(CompareProperties, StaysNearLinear) {
  const Expected expected{catalogue_of(many_tables(1800, ""))};
  const Actual actual{catalogue_of(many_tables(1800, "_old"))};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(compare(expected, actual).size(), 3600U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace driftd
