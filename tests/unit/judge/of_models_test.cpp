#include "daemon/judge/of_models.h"

#include <gmock/gmock.h>

namespace driftd {
namespace {

using testing::HasSubstr;
using testing::Not;

Report judged(std::vector<Drift> drifts) {
  Report report;
  judge_models(report, std::move(drifts), Time{});
  return report;
}

Finding judged(Drift drift) {
  return judged(std::vector<Drift>{std::move(drift)}).findings.at(0);
}

Drift whole(const char* kind, const char* identity, DriftKind how) {
  return {{kind, identity}, how, {}, {}, 0, ObjectId{"table", "public.t"}};
}

TEST(JudgeModels, OneLookIsEnough) {
  const Finding finding = judged(whole("column", "public.t.a", DriftKind::Missing));
  EXPECT_EQ(finding.state, FindingState::Confirmed);
  EXPECT_EQ(finding.comparison, Comparison::Models);
  EXPECT_EQ(finding.impact, Impact::Breaking);
}

TEST(JudgeModels, SentencesSpeakOfModelsAndMigrations) {
  EXPECT_THAT(judged(whole("table", "public.t", DriftKind::Unexpected)).consequence,
              HasSubstr("is in no model"));
  EXPECT_THAT(judged(whole("table", "public.t", DriftKind::Missing)).consequence,
              HasSubstr("no migration makes the table"));
  for (const char* kind : {"constraint", "index", "enum", "sequence", "view", "domain"}) {
    EXPECT_THAT(judged(whole(kind, "public.x", DriftKind::Missing)).consequence,
                Not(HasSubstr("is gone")))
        << kind;
    EXPECT_THAT(judged(whole(kind, "public.x", DriftKind::Unexpected)).consequence,
                Not(HasSubstr("in no migration")))
        << kind;
  }
}

TEST(JudgeModels, WhatOnlyTheMigrationsSayIsLess) {
  const Finding check = judged(whole("constraint", "ck on public.t", DriftKind::Unexpected));
  EXPECT_EQ(check.impact, Impact::Risky);
  Drift set = whole("column", "public.t.a", DriftKind::Changed);
  set.differences = {{"default", std::nullopt, "true"}};
  EXPECT_EQ(judged(set).impact, Impact::Harmless);
  set.differences = {{"default", "false", "true"}};
  EXPECT_NE(judged(set).impact, Impact::Harmless);
}

Drift unique(const char* kind, const char* identity, DriftKind how, const char* columns) {
  Drift drift = whole(kind, identity, how);
  const std::string of_constraint = std::string("UNIQUE ") + columns;
  if (drift.object.kind == "index") {
    drift.properties = {{"unique", "true", {}}, {"method", "btree", {}}, {"columns", columns, {}}};
  } else {
    drift.properties = {{"definition", of_constraint, {}}, {"deferrable", "false", {}}};
  }
  return drift;
}

TEST(JudgeModels, AUniqueIndexForAUniqueConstraintIsOneHarmlessFinding) {
  using enum DriftKind;
  const Report report = judged({unique("constraint", "t_a_key on public.t", Missing, "(a)"),
                                unique("index", "public.ux", Unexpected, "(a)")});
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].impact, Impact::Harmless);
  EXPECT_THAT(report.findings[0].consequence, HasSubstr("index public.ux"));
  const Report reverse = judged({unique("index", "public.ux", Missing, "(a)"),
                                 unique("constraint", "t_a_key on public.t", Unexpected, "(a)")});
  EXPECT_EQ(reverse.findings.size(), 1U);
}

TEST(JudgeModels, WhatKeepsOtherRowsUniqueIsNoTwin) {
  using enum DriftKind;
  Drift partial = unique("index", "public.ux", Unexpected, "(a)");
  partial.properties.push_back({"predicate", "(b IS NULL)", {}});
  Drift late = unique("constraint", "t_a_key on public.t", Missing, "(a)");
  late.properties[1].expected = "true";
  const Drift constraint = unique("constraint", "t_a_key on public.t", Missing, "(a)");
  for (const auto& [one, other] :
       {std::pair{constraint, partial},
        std::pair{constraint, unique("index", "public.ux", Unexpected, "(b)")},
        std::pair{late, unique("index", "public.ux", Unexpected, "(a)")}}) {
    EXPECT_EQ(judged({one, other}).findings.size(), 2U);
  }
}

TEST(JudgeModels, WorstFirstAfterSoftening) {
  const Report report = judged({whole("constraint", "ck on public.t", DriftKind::Unexpected),
                                whole("table", "public.u", DriftKind::Missing)});
  EXPECT_EQ(report.findings.at(0).drift.object.kind, "table");
}

TEST(OfModels, AnotherOrderIsLess) {
  const auto impact = [](const char* kind, const char* property, const char* models,
                         const char* migrations) {
    Report report;
    judge_models(report,
                 {{{kind, "x on public.t"},
                   DriftKind::Changed,
                   {{property, models, migrations}},
                   {},
                   0,
                   std::nullopt}},
                 Time{} + std::chrono::hours(1));
    return report.findings.at(0).impact;
  };
  EXPECT_EQ(impact("constraint", "definition", "PRIMARY KEY (a, b)", "PRIMARY KEY (b, a)"),
            Impact::Risky);
  EXPECT_EQ(impact("constraint", "definition", "PRIMARY KEY (a, b)", "PRIMARY KEY (a, c)"),
            Impact::Breaking);
  EXPECT_EQ(impact("enum", "labels", "'a', 'b'", "'b', 'a'"), Impact::Harmless);
  EXPECT_NE(impact("enum", "labels", "'a', 'b'", "'a'"), Impact::Harmless);
}

}  // namespace
}  // namespace driftd
