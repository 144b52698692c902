#include "daemon/judge/impact.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "expected_schema/base/text.h"
#include "expected_schema/introspect/groups.h"

namespace driftd {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const ObjectId users{"table", "app.users"};

Drift column_changed(const std::string& property, std::optional<std::string> expected,
                     std::optional<std::string> actual) {
  return {{"column", "app.users.phone"},
          DriftKind::Changed,
          {{property, std::move(expected), std::move(actual)}},
          {},
          0,
          users};
}

Drift there(DriftKind kind, const std::string& of_kind, std::vector<Difference> properties) {
  return {{of_kind, "app.x"}, kind, {}, std::move(properties), 0, users};
}

TEST(Impact, NotNullSaysWhatFailsInEitherDirection) {
  const Consequence added = consequence_of(column_changed("not_null", "false", "true"));
  EXPECT_EQ(added.impact, Impact::Breaking);
  EXPECT_EQ(added.sentence, "inserts that leave app.users.phone out fail: it has become NOT NULL");
  const Consequence removed = consequence_of(column_changed("not_null", "true", "false"));
  EXPECT_THAT(removed.sentence, HasSubstr("NULL can enter app.users.phone"));
}

TEST(Impact, ALostDefaultIsWorseThanAnotherOne) {
  EXPECT_EQ(consequence_of(column_changed("default", "now()", {})).impact, Impact::Breaking);
  EXPECT_EQ(consequence_of(column_changed("default", "1", "2")).impact, Impact::Risky);
  EXPECT_EQ(consequence_of(column_changed("default", "1", "2")).sentence,
            "inserts that leave app.users.phone out store 2 and not 1");
}

TEST(Impact, AnUnexpectedColumnBreaksInsertsOnlyWhenItMustBeGiven) {
  const auto unexpected = [](std::vector<Difference> properties) {
    return consequence_of(there(DriftKind::Unexpected, "column", std::move(properties))).impact;
  };
  EXPECT_EQ(unexpected({{"not_null", {}, "true"}}), Impact::Breaking);
  EXPECT_EQ(unexpected({{"not_null", {}, "false"}}), Impact::Risky);
  EXPECT_EQ(unexpected({{"not_null", {}, "true"}, {"default", {}, "1"}}), Impact::Risky);
  EXPECT_EQ(unexpected({{"not_null", {}, "true"}, {"identity_kind", {}, "always"}}), Impact::Risky);
}

TEST(Impact, AMissingUniqueIndexLetsDuplicatesIn) {
  const Consequence unique =
      consequence_of(there(DriftKind::Missing, "index", {{"unique", "true", {}}}));
  EXPECT_EQ(unique.impact, Impact::Breaking);
  EXPECT_THAT(unique.sentence, HasSubstr("duplicates can enter app.users"));
  EXPECT_EQ(consequence_of(there(DriftKind::Missing, "index", {{"unique", "false", {}}})).impact,
            Impact::Risky);
}

TEST(Impact, AMissingForeignKeyIsSaidAsSuch) {
  const Consequence missing =
      consequence_of(there(DriftKind::Missing, "constraint", {{"type", "foreign key", {}}}));
  EXPECT_EQ(missing.impact, Impact::Breaking);
  EXPECT_THAT(missing.sentence, HasSubstr("point to nothing"));
}

TEST(Impact, AnEnumThatGrewIsNotOneThatShrank) {
  const auto labels = [](const std::string& expected, const std::string& actual) {
    return consequence_of(
               {{"enum", "app.e"}, DriftKind::Changed, {{"labels", expected, actual}}, {}, 0, {}})
        .impact;
  };
  EXPECT_EQ(labels("a,b", "a,b,c"), Impact::Risky);
  EXPECT_EQ(labels("a,b", "a"), Impact::Breaking);
  EXPECT_EQ(labels("a,b", "b,a"), Impact::Breaking);
}

TEST(Impact, TheWorstDifferenceSpeaks) {
  Drift drift = column_changed("statistics", "100", "10");
  drift.differences.push_back({"type", "text", "integer"});
  drift.differences.push_back({"storage", "x", "m"});
  const Consequence worst = consequence_of(drift);
  EXPECT_EQ(worst.impact, Impact::Breaking);
  EXPECT_THAT(worst.sentence, HasSubstr("is integer and not text"));
}

TEST(Impact, AUniqueIndexThatIsBeingBuiltPagesNobody) {
  Drift drift{{"index", "app.users_email_idx"}, DriftKind::Unexpected, {}, {}, 0, {}};
  drift.properties = {{"unique", {}, "true"}, {"valid", {}, "true"}};
  EXPECT_EQ(consequence_of(drift).impact, Impact::Breaking);
  drift.properties[1].actual = "false";
  EXPECT_EQ(consequence_of(drift).impact, Impact::Risky);
}

TEST(Impact, APartitionIsSpokenOfWithItsParent) {
  Drift drift{{"column", "app.events_1.kind"},
              DriftKind::Changed,
              {{"default", "'a'", "'b'"}},
              {},
              0,
              ObjectId{"table", "app.events_1"},
              ObjectId{"column", "app.events.kind"}};
  EXPECT_EQ(consequence_of(drift).impact, Impact::Risky);
  EXPECT_EQ(consequence_of(drift).sentence,
            "rows that are written to app.events_1 itself, and not through its parent, get 'b' and "
            "not 'a', as app.events.kind says");
  // Whoever inserts through the parent is given the parent's default.
  drift.differences = {{"default", "'a'", {}}};
  EXPECT_EQ(consequence_of(drift).impact, Impact::Harmless);
  drift.differences = {{"not_null", "false", "true"}};
  EXPECT_EQ(consequence_of(drift).impact, Impact::Breaking);

  Drift table{{"table", "app.events_1"},
              DriftKind::Changed,
              {{"owner", {}, "ines"}},
              {},
              0,
              ObjectId{"table", "app.events"},
              ObjectId{"table", "app.events"}};
  EXPECT_THAT(consequence_of(table).sentence, HasSubstr("a migration that alters app.events"));
}

TEST(Impact, AMissingPartitionIsNotATableThatQueriesName) {
  Drift drift = there(DriftKind::Missing, "table", {{"partition_bound", "DEFAULT", {}}});
  EXPECT_THAT(consequence_of(drift).sentence, HasSubstr("made_at_run_time"));
  drift.properties.clear();
  EXPECT_EQ(consequence_of(drift).sentence, "every query on app.x fails: the table is gone");
}

TEST(Impact, AnIndexThatPartitionsLackIsSpokenOfAsSuch) {
  Drift drift{{"index", "app.ix"},
              DriftKind::Changed,
              {{"partitions_without", {}, "app.events_1"}, {"valid", "true", "false"}},
              {},
              0,
              ObjectId{"table", "app.events"}};
  EXPECT_EQ(consequence_of(drift).impact, Impact::Risky);
  EXPECT_THAT(consequence_of(drift).sentence, HasSubstr("app.events_1 of app.events"));
  drift.object.kind = "constraint";
  EXPECT_EQ(consequence_of(drift).impact, Impact::Breaking);
  EXPECT_THAT(consequence_of(drift).sentence, HasSubstr("app.events_1"));
}

TEST(Impact, WhatNobodyKnowsIsBreaking) {
  const Consequence unknown = consequence_of(column_changed("no_such_property", "1", "2"));
  EXPECT_EQ(unknown.impact, Impact::Breaking);
  EXPECT_THAT(unknown.sentence, HasSubstr("no_such_property"));
}

TEST(Impact, HostileNamesStayWhatTheyAre) {
  Drift drift = column_changed("default", "{actual}", "{object}{");
  drift.object.identity = "app.{expected}";
  EXPECT_EQ(consequence_of(drift).sentence,
            "inserts that leave app.{expected} out store {object}{ and not {actual}");
}

TEST(Impact, LongValuesAreCutBetweenCharacters) {
  std::string value;
  for (int i = 0; i < 100; ++i) value += "\xC3\xA4";
  const std::string sentence = consequence_of(column_changed("type", "text", "x" + value)).sentence;
  EXPECT_EQ(valid_utf8(sentence), sentence);
  EXPECT_THAT(sentence, HasSubstr("..."));
  EXPECT_THAT(consequence_of(column_changed("type", "text", "a\nb")).sentence,
              Not(HasSubstr("\n")));
}

TEST(ImpactTable, EveryRowCanBeReachedAndIsOneSentence) {
  const auto rules = impact_rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    SCOPED_TRACE(std::string(rules[i].kind) + " " + std::string(name_of(rules[i].drift)) + " " +
                 std::string(rules[i].property));
    EXPECT_FALSE(rules[i].sentence.empty());
    EXPECT_FALSE(rules[i].sentence.ends_with('.'));
    EXPECT_EQ(rules[i].property.empty(), rules[i].drift != DriftKind::Changed);
    for (std::size_t before = 0; before < i; ++before) {
      EXPECT_FALSE(rules[before].when == nullptr && rules[before].kind == rules[i].kind &&
                   rules[before].drift == rules[i].drift &&
                   rules[before].property == rules[i].property)
          << "row " << before << " hides it";
    }
    std::string rest(rules[i].sentence);
    for (const std::string_view word : {"{object}", "{name}", "{parent}", "{like}", "{expected}",
                                        "{actual}", "{property}", "{kind}"}) {
      for (auto at = rest.find(word); at != std::string::npos; at = rest.find(word)) {
        rest.erase(at, word.size());
      }
    }
    EXPECT_EQ(rest.find_first_of("{}"), std::string::npos) << rest;
  }
}

TEST(ImpactTable, EveryKindHasItsDrifts) {
  for (const std::string& kind : judged_kinds()) {
    std::set<DriftKind> drifts;
    for (const ImpactRule& rule : impact_rules()) {
      for (const std::string& one : split(rule.kind, ',')) {
        if (trim(one) == kind) drifts.insert(rule.drift);
      }
    }
    EXPECT_TRUE(drifts.contains(DriftKind::Missing)) << kind;
    EXPECT_TRUE(drifts.contains(DriftKind::Unexpected)) << kind;
  }
}

/// The columns of the outer SELECT of a kind's query, each as its text.
std::vector<std::string> columns_of(const std::string& sql) {
  std::string text;
  for (const std::string& line : split(sql, '\n')) {
    text += trim(std::string_view(line).substr(0, line.find("--")));
    text += ' ';
  }
  std::vector<std::string> columns(1);
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!quoted && depth == 0 && text.compare(i, 7, "SELECT ") == 0) {
      columns.assign(1, "");  // what stands before it is WITH
      i += 6;
      continue;
    }
    if (c == '\'') quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (!quoted && c == ')') --depth;
    if (!quoted && depth == 0 && text.compare(i, 6, " FROM ") == 0) return columns;
    if (!quoted && depth == 0 && c == ',') {
      columns.emplace_back();
    } else {
      columns.back() += c;
    }
  }
  return {};
}

/// `not_null` of `a.attnotnull::text AS not_null`.
std::string name_of_column(const std::string& column) {
  std::string name = split(trim(column), ' ').back();
  std::erase_if(name, [](char c) { return c == '"' || c == '!'; });
  return name;
}

/// The kinds that a first column `CASE ... THEN 'view' ... AS kind` names.
std::vector<std::string> kinds_in(const std::string& column) {
  std::vector<std::string> kinds;
  const std::vector<std::string> parts = split(column, '\'');
  for (std::size_t i = 1; i < parts.size(); i += 2) {
    if (parts[i].size() > 1) kinds.push_back(parts[i]);
  }
  return kinds;
}

using KindProperty = std::pair<std::string, std::string>;

/// Every kind and property that introspect can return, read off the queries themselves.
std::set<KindProperty> everything_read() {
  std::set<KindProperty> read;
  const std::filesystem::path folder = DRIFTD_SOURCE_DIR "/expected_schema/introspect/kinds";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".sql") continue;
    std::vector<std::string> columns = columns_of(read_file(entry.path().string()));
    EXPECT_GE(columns.size(), 3U) << entry.path();
    if (columns.size() < 3) continue;
    std::vector<std::string> kinds{entry.path().stem().string()};
    if (name_of_column(columns[0]) == "kind") {
      kinds = kinds_in(columns[0]);
      columns.erase(columns.begin());
    }
    EXPECT_EQ(name_of_column(columns[0]), "identity") << entry.path();
    EXPECT_EQ(name_of_column(columns[2]), "parent") << entry.path();
    for (const std::string& kind : kinds) {
      read.emplace(kind, "");
      for (std::size_t i = 3; i < columns.size(); ++i) {
        read.emplace(kind, name_of_column(columns[i]));
      }
    }
  }
  return read;
}

std::set<KindProperty> everything_judged() {
  std::set<KindProperty> judged;
  for (const ImpactRule& rule : impact_rules()) {
    if (rule.kind == "*") continue;
    for (const std::string& kind : split(rule.kind, ',')) {
      judged.emplace(trim(kind), rule.property);
    }
  }
  return judged;
}

TEST(Groups, KnowEveryKindThatIsRead) {
  for (const auto& [kind, property] : everything_read()) EXPECT_TRUE(has_group(kind)) << kind;
}

TEST(ImpactTable, HasARowForEveryPropertyThatIsReadAndNoOther) {
  const std::set<KindProperty> read = everything_read();
  const std::set<KindProperty> judged = everything_judged();
  std::vector<KindProperty> without_row;
  std::vector<KindProperty> without_reader;
  std::ranges::set_difference(read, judged, std::back_inserter(without_row));
  // An owner is judged alike, whatever it owns.
  std::erase_if(without_row, [](const KindProperty& p) { return p.second == "owner"; });
  std::ranges::set_difference(judged, read, std::back_inserter(without_reader));
  EXPECT_THAT(without_row, IsEmpty());
  EXPECT_THAT(without_reader, IsEmpty());
}

}  // namespace
}  // namespace driftd
