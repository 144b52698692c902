#include "daemon/compare/run_time.h"

#include <gmock/gmock.h>

#include "tests/unit/compare/catalogue_of.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Given partitioned(const std::string& name, const std::string& key = "RANGE (at)") {
  Given given = table(name);
  given.properties.emplace_back("partition_key", key);
  return given;
}

Given partition(const std::string& name, const std::string& bound,
                const std::string& parent = "app.events") {
  return {"table", name, "table", parent, {{"persistence", "p"}, {"partition_bound", bound}}};
}

Given with(Given given, const std::string& property, const std::string& value) {
  given.properties.emplace_back(property, value);
  return given;
}

const GivenObjects base{schema("app"), partitioned("app.events"), column("app.events", "at", 1),
                        with(column("app.events", "kind", 2), "default", "'seen'")};

GivenObjects and_more(GivenObjects more) {
  GivenObjects all = base;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

struct Result {
  std::vector<std::string> lines;
  std::vector<Drift> drifts;
  RunTime seen;
};

Result result_of(const GivenObjects& expected, const GivenObjects& actual,
                 const RunTimeRules& rules = {}) {
  Result result;
  result.drifts =
      compare(Expected{catalogue_of(expected)}, Actual{catalogue_of(actual)}, rules, result.seen);
  result.lines = lines_of(result.drifts);
  return result;
}

RunTimeRules naming(const std::vector<std::string>& globs, const std::string& kind = "") {
  RunTimeRules rules;
  for (const std::string& glob : globs) {
    rules.patterns.push_back({kind.empty() ? glob : kind + " " + glob, kind, glob});
  }
  return rules;
}

TEST(RunTime, APartitionOfAnExpectedTableIsNoDriftAndIsCounted) {
  const Result result = result_of(
      base, and_more({partition("app.events_1", "1"),
                      partition("app.events_2", "2"),
                      index("app.events_2", "its_own", "kind"),
                      {"comment", "column app.events_1.kind", "column", "app.events_1.kind", {}},
                      {"comment", "index app.events_1_at", "index", "app.events_1_at", {}}}));
  EXPECT_THAT(result.lines, IsEmpty());
  ASSERT_EQ(result.seen.partitions.size(), 1U);
  EXPECT_EQ(result.seen.partitions[0].parent, "app.events");
  EXPECT_EQ(result.seen.partitions[0].there, 2U);
  EXPECT_EQ(result.seen.there(), 2U);
}

TEST(RunTime, PartitionsOfATableThatIsNotExpectedBelongToIt) {
  const Result result = result_of(
      {schema("app")}, and_more({partition("app.events_1", "1"), partition("app.events_2", "2")}));
  EXPECT_THAT(result.lines, ElementsAre("unexpected table app.events +4"));
  EXPECT_EQ(result.seen.there(), 0U);
}

TEST(RunTime, PartitionsOfATableThatWasMadeOneByHandAreTold) {
  GivenObjects plain = base;
  plain[1] = table("app.events");
  const Result result = result_of(plain, and_more({partition("app.events_1", "1")}));
  EXPECT_THAT(result.lines,
              ElementsAre("changed table app.events: partition_key (none) -> RANGE (at)",
                          "unexpected table app.events_1"));
}

TEST(RunTime, PartitionsOfPartitions) {
  const Result result = result_of(
      base, and_more({with(partition("app.events_1", "1"), "partition_key", "LIST (kind)"),
                      partition("app.events_1_a", "a", "app.events_1"),
                      with(column("app.events_1_a", "kind", 2), "default", "'other'")}));
  EXPECT_THAT(result.lines,
              ElementsAre("changed column app.events_1_a.kind: default 'seen' -> 'other'"));
  EXPECT_EQ(result.drifts[0].like, (ObjectId{"column", "app.events.kind"}));
  EXPECT_EQ(result.seen.there(), 2U);
}

TEST(RunTime, AMissingPartitionIsToldAndSoIsWhatTookItsPlace) {
  const GivenObjects expected = and_more({partition("app.events_1", "1")});
  EXPECT_THAT(result_of(expected, base).lines, ElementsAre("missing table app.events_1"));
  EXPECT_THAT(result_of(expected, and_more({partition("app.events_2", "2")})).lines,
              ElementsAre("missing table app.events_1"));
  // With its bound: it was renamed, or made anew under another name.
  EXPECT_THAT(result_of(expected, and_more({partition("app.events_2", "1")})).lines,
              ElementsAre("renamed table app.events_1: name app.events_1 -> app.events_2"));
  EXPECT_THAT(
      result_of(expected, and_more({with(partition("app.events_2", "1"), "owner", "ines")})).lines,
      ElementsAre("missing table app.events_1", "unexpected table app.events_2"));
}

TEST(RunTime, APartitionIsHeldAgainstItsParent) {
  const auto lines = [](Given part) {
    return result_of(base, and_more({partition("app.events_1", "1"), std::move(part)})).lines;
  };
  EXPECT_THAT(lines(with(column("app.events_1", "kind", 2), "default", "'seen'")), IsEmpty())
      << "something else of it differs, which is its own business";
  EXPECT_THAT(lines(column("app.events_1", "kind", 2)),
              ElementsAre("changed column app.events_1.kind: default 'seen' -> (none)"));
  Given strict = column("app.events_1", "at", 1);
  strict.properties.back().second = "true";
  EXPECT_THAT(lines(strict), ElementsAre("changed column app.events_1.at: not_null false -> true"));
  EXPECT_THAT(lines({"trigger", "own on app.events_1", "table", "app.events_1", {}}),
              ElementsAre("unexpected trigger own on app.events_1"));
  EXPECT_THAT(lines({"rule", "own on app.events_1", "table", "app.events_1", {}}),
              ElementsAre("unexpected rule own on app.events_1"));
  EXPECT_THAT(lines({"index", "app.own", "table", "app.events_1", {{"valid", "false"}}}),
              ElementsAre("unexpected index app.own"));
  EXPECT_THAT(lines({"index", "app.own", "table", "app.events_1", {{"valid", "true"}}}), IsEmpty());
  EXPECT_THAT(lines({"constraint", "own on app.events_1", "table", "app.events_1", {}}), IsEmpty());
}

TEST(RunTime, AnOwnerThatIsNotTheParents) {
  EXPECT_THAT(
      result_of(base, and_more({with(partition("app.events_1", "1"), "owner", "ines")})).lines,
      ElementsAre("changed table app.events_1: owner (none) -> ines"));
  GivenObjects owned = base;
  owned[1] = with(owned[1], "owner", "ines");
  const GivenObjects same{with(partition("app.events_1", "1"), "owner", "ines")};
  GivenObjects actual = owned;
  actual.insert(actual.end(), same.begin(), same.end());
  EXPECT_THAT(result_of(owned, actual).lines, IsEmpty());
  EXPECT_THAT(result_of(base, actual).lines,
              ElementsAre("changed table app.events: owner (none) -> ines"))
      << "whoever gave the parent away gave its partitions away, and is told once";
}

TEST(RunTime, WhatWasDoneToTheParentAloneIsToldOfTheParentAlone) {
  GivenObjects actual = and_more({partition("app.events_1", "1"),
                                  with(column("app.events_1", "kind", 2), "default", "'seen'")});
  actual[3].properties.back().second = "'other'";
  EXPECT_THAT(result_of(base, actual).lines,
              ElementsAre("changed column app.events.kind: default 'seen' -> 'other'"));
}

TEST(RunTime, TriggersThatAreDisabledInAPartition) {
  const auto trigger = [](const std::string& on, const std::string& enabled) {
    return Given{"trigger", "touch on " + on, "table", on, {{"enabled", enabled}}};
  };
  const GivenObjects expected = and_more({trigger("app.events", "origin")});
  const GivenObjects actual =
      and_more({trigger("app.events", "origin"), partition("app.events_1", "1"),
                trigger("app.events_1", "disabled")});
  const Result result = result_of(expected, actual);
  EXPECT_THAT(result.lines,
              ElementsAre("changed trigger touch on app.events_1: enabled origin -> disabled"));
  EXPECT_EQ(result.drifts[0].like, (ObjectId{"trigger", "touch on app.events"}));
}

TEST(RunTime, RowSecurityMattersWhereOthersMayReadThePartition) {
  GivenObjects secure = base;
  secure[1] = with(secure[1], "row_security", "true");
  const auto lines = [&](const std::string& grantee, const std::string& granted) {
    GivenObjects actual = secure;
    actual.push_back(with(partition("app.events_1", "1"), "row_security", "false"));
    actual.push_back({"privilege",
                      grantee + " on table app.events_1",
                      "table",
                      "app.events_1",
                      {{"privileges", granted}}});
    std::vector<Drift> drifts = result_of(secure, actual).drifts;
    std::erase_if(drifts, [](const Drift& one) { return one.object.kind == "privilege"; });
    return lines_of(drifts);
  };
  EXPECT_THAT(lines("app", "INSERT, SELECT"),
              ElementsAre("changed table app.events_1: row_security true -> false"));
  EXPECT_THAT(lines("app", "INSERT"), IsEmpty());
  EXPECT_THAT(lines("owner", "-SELECT"), IsEmpty());
  EXPECT_THAT(lines("main owner", "SELECT"), IsEmpty());
}

TEST(RunTime, PrivilegesAsTheParentHasThem) {
  const auto privilege = [](const std::string& on, const std::string& granted) {
    return Given{"privilege", "app on table " + on, "table", on, {{"privileges", granted}}};
  };
  const GivenObjects expected = and_more({privilege("app.events", "SELECT")});
  const auto lines = [&](const std::string& granted) {
    return result_of(expected,
                     and_more({privilege("app.events", "SELECT"), partition("app.events_1", "1"),
                               privilege("app.events_1", granted)}))
        .lines;
  };
  EXPECT_THAT(lines("SELECT"), IsEmpty());
  EXPECT_THAT(lines("DELETE"), ElementsAre("unexpected privilege app on table app.events_1"));
}

TEST(RunTime, WhatAPatternNamesIsNeitherUnexpectedNorMissing) {
  const GivenObjects customer{
      table("app.customer_1"),
      column("app.customer_1", "id", 1),
      {"sequence", "app.customer_1_id_seq", "column", "app.customer_1.id", {}},
      index("app.customer_1", "customer_1_ix", "id")};
  const RunTimeRules rules = naming({"app.customer_*", "app.nobody_*"});
  const Result there = result_of(base, and_more(customer), rules);
  EXPECT_THAT(there.lines, IsEmpty());
  ASSERT_EQ(there.seen.declared.size(), 2U);
  EXPECT_EQ(there.seen.declared[0].there, 1U);
  EXPECT_TRUE(there.seen.declared[0].used);
  EXPECT_FALSE(there.seen.declared[1].used);

  const Result gone = result_of(and_more(customer), base, rules);
  EXPECT_THAT(gone.lines, IsEmpty());
  EXPECT_EQ(gone.seen.declared[0].gone, 1U);
  EXPECT_EQ(gone.seen.declared[0].there, 0U);

  EXPECT_THAT(result_of(base, and_more(customer), naming({"app.customer"})).lines,
              ElementsAre("unexpected table app.customer_1 +3"));
}

TEST(RunTime, OneThatIsDroppedAndOneThatIsMadeAreNoRename) {
  const Result result = result_of(and_more({table("app.customer_1")}),
                                  and_more({table("app.customer_2")}), naming({"app.customer_*"}));
  EXPECT_THAT(result.lines, IsEmpty());
}

TEST(RunTime, WhatBothHaveIsComparedWhateverAPatternSays) {
  const GivenObjects expected = and_more({table("app.customer_1"), column("app.customer_1", "a", 1),
                                          column("app.customer_1", "b", 2)});
  const GivenObjects actual = and_more({with(table("app.customer_1"), "owner", "ines"),
                                        column("app.customer_1", "a", 1, "integer"),
                                        column("app.customer_1", "c", 2, "date")});
  EXPECT_THAT(result_of(expected, actual, naming({"app.customer_*"})).lines,
              ElementsAre("changed column app.customer_1.a: type text -> integer",
                          "missing column app.customer_1.b", "unexpected column app.customer_1.c",
                          "changed table app.customer_1: owner (none) -> ines"));
}

TEST(RunTime, APatternMeansTablesUnlessItSaysOtherwise) {
  const GivenObjects more{index("app.events", "customer_ix", "at"),
                          {"view", "app.customer_view", "schema", "app", {}}};
  EXPECT_THAT(result_of(base, and_more(more), naming({"app.customer_*"})).lines,
              ElementsAre("unexpected index app.customer_ix", "unexpected view app.customer_view"));
  EXPECT_THAT(result_of(base, and_more(more), naming({"app.customer_*"}, "view")).lines,
              ElementsAre("unexpected index app.customer_ix"));
}

TEST(RunTime, ADeclaredPartitionIsHeldAgainstItsParentAllTheSame) {
  const GivenObjects actual =
      and_more({partition("app.events_1", "1"),
                column("app.events_1", "kind", 2),
                {"trigger", "own on app.events_1", "table", "app.events_1", {}}});
  const Result result = result_of(base, actual, naming({"app.events_*"}));
  EXPECT_THAT(result.lines,
              ElementsAre("changed column app.events_1.kind: default 'seen' -> (none)"));
  EXPECT_EQ(result.seen.declared[0].there, 0U) << "it is counted with its parent";
  EXPECT_EQ(result.seen.there(), 1U);
}

TEST(RunTime, ADetachedPartitionIsTheApplicationsOnlyWhereItSaysSo) {
  const GivenObjects expected = and_more({partition("app.events_1", "1")});
  const GivenObjects actual = and_more({table("app.events_1"), column("app.events_1", "at", 1)});
  EXPECT_THAT(result_of(expected, actual).lines, testing::SizeIs(1));
  const Result declared = result_of(expected, actual, naming({"app.events_*"}));
  EXPECT_THAT(declared.lines, IsEmpty());
  EXPECT_EQ(declared.seen.declared[0].there, 1U);
  EXPECT_EQ(declared.seen.declared[0].gone, 0U);
}

TEST(RunTime, AChildByInheritanceIsHeldAgainstItsParentWhereItIsDeclared) {
  const GivenObjects expected{schema("app"), table("app.log"), column("app.log", "what", 1)};
  GivenObjects actual = expected;
  actual.push_back(with(table("app.log_1"), "inherits", "app.log"));
  actual.push_back(with(column("app.log_1", "what", 1), "default", "'x'"));
  actual.push_back(column("app.log_1", "more", 2));
  EXPECT_THAT(result_of(expected, actual).lines, ElementsAre("unexpected table app.log_1 +2"));
  EXPECT_THAT(result_of(expected, actual, naming({"app.log_*"})).lines,
              ElementsAre("changed column app.log_1.what: default (none) -> 'x'"));
}

TEST(RunTime, AColumnThatOnlyOneSideHasAsAnObjectIsHeldAgainstTheParents) {
  const GivenObjects plain = and_more({partition("app.events_1", "1")});
  const GivenObjects special = and_more(
      {partition("app.events_1", "1"), with(column("app.events_1", "kind", 2), "default", "'x'")});
  EXPECT_THAT(result_of(plain, special).lines,
              ElementsAre("changed column app.events_1.kind: default 'seen' -> 'x'"));
  EXPECT_THAT(result_of(special, plain).lines,
              ElementsAre("changed column app.events_1.kind: default 'x' -> 'seen'"));
  // What is said of it is not lost with it.
  GivenObjects commented = special;
  commented.push_back({"comment", "column app.events_1.kind", "column", "app.events_1.kind", {}});
  EXPECT_THAT(result_of(plain, commented).lines,
              ElementsAre("changed column app.events_1.kind: default 'seen' -> 'x'",
                          "unexpected comment column app.events_1.kind"));
}

TEST(RunTime, AColumnOfATableThatIsNoChildAnyLongerIsItsOwn) {
  const GivenObjects parent{schema("app"), table("app.log"), column("app.log", "what", 1)};
  GivenObjects expected = parent;
  expected.push_back(with(table("app.log_1"), "inherits", "app.log"));
  expected.push_back(column("app.log_1", "what", 1));
  GivenObjects actual = parent;
  actual.push_back(table("app.log_1"));
  EXPECT_THAT(result_of(expected, actual).lines,
              ElementsAre("missing column app.log_1.what",
                          "changed table app.log_1: inherits app.log -> (none)"));
}

TEST(RunTime, WhatNobodyKnowsOfAParentIsNotHeldAgainstItsPartitions) {
  Expected expected{catalogue_of(base)};
  Undetermined open;
  open.object = {"column", "app.events.kind"};
  open.properties = {"default"};
  expected.undetermined = {open};
  Given strict = column("app.events_1", "kind", 2);
  strict.properties.back().second = "true";
  const Actual actual{catalogue_of(
      and_more({partition("app.events_1", "1"), with(strict, "default", "'whatever'")}))};
  RunTime seen;
  EXPECT_THAT(lines_of(compare(expected, actual, {}, seen)),
              ElementsAre("changed column app.events_1.kind: not_null false -> true"));
  EXPECT_EQ(seen.there(), 1U);
}

TEST(RunTime, OfTwoDatabasesRangesDependOnTheDay) {
  RunTimeRules rules;
  rules.expected_in_use = true;
  const GivenObjects first = and_more({partition("app.events_1", "1")});
  const Result result = result_of(first, and_more({partition("app.events_2", "2")}), rules);
  EXPECT_THAT(result.lines, IsEmpty());
  ASSERT_EQ(result.seen.partitions.size(), 1U);
  EXPECT_EQ(result.seen.partitions[0].there, 1U);
  EXPECT_EQ(result.seen.partitions[0].gone, 1U);

  EXPECT_THAT(result_of(and_more({partition("app.events_0", "DEFAULT")}), base, rules).lines,
              ElementsAre("missing table app.events_0"));
  const GivenObjects list{schema("app"), partitioned("app.events", "LIST (kind)")};
  GivenObjects with_one = list;
  with_one.push_back(partition("app.events_1", "1"));
  EXPECT_THAT(result_of(with_one, list, rules).lines, ElementsAre("missing table app.events_1"));
  EXPECT_THAT(result_of(first, and_more({partition("app.events_9", "1")}), rules).lines,
              ElementsAre("renamed table app.events_1: name app.events_1 -> app.events_9"));
}

TEST(RunTime, ATenantIsNamedByItsSchemaOrByHowAllAreSpokenOf) {
  RunTimeRules rules = naming({"driftd_tenant.events_*"});
  rules.schema = "app";
  rules.spoken_schema = "driftd_tenant";
  const GivenObjects actual = and_more({table("app.events_old"), partition("app.events_1", "1")});
  const Result spoken = result_of(base, actual, rules);
  EXPECT_THAT(spoken.lines, IsEmpty());
  EXPECT_EQ(spoken.seen.partitions[0].parent, "driftd_tenant.events");
  rules.patterns[0].object = "app.*";
  EXPECT_THAT(result_of(base, actual, rules).lines, IsEmpty());
  RunTime sum = spoken.seen;
  sum.add(spoken.seen);
  EXPECT_EQ(sum.there(), 4U);
  EXPECT_EQ(sum.partitions.size(), 1U);
}

TEST(RunTime, WhatAnIndexLacksIsToldWhereItIsExpectedToLackNothing) {
  const auto on_some = [](const std::string& lacking, const std::string& valid) {
    Given given{"index", "app.events_ix", "table", "app.events", {}};
    if (!lacking.empty()) given.properties.emplace_back("partitions_without", lacking);
    given.properties.emplace_back("valid", valid);
    return and_more({given});
  };
  EXPECT_THAT(result_of(on_some("", "true"), on_some("app.p", "false")).lines,
              ElementsAre("changed index app.events_ix: partitions_without (none) -> app.p; "
                          "valid true -> false"));
  EXPECT_THAT(result_of(on_some("app.a", "false"), on_some("app.b", "false")).lines, IsEmpty());
  EXPECT_THAT(result_of(on_some("app.a", "false"), on_some("", "true")).lines,
              ElementsAre("changed index app.events_ix: valid false -> true"));
}

}  // namespace
}  // namespace driftd
