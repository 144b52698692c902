#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "expected_schema/base/text.h"
#include "tests/unit/publish/sample.h"

namespace driftd {
namespace {

using testing::HasSubstr;
using testing::Not;

AllPublished everything() {
  return {published(sample_report(), "drifting"),
          in_sync("fine"),
          unknown(5, "short"),
          unknown(500, "long"),
          never_looked("new"),
          with_models("modelled"),
          hostile(),
          published(tenants_report(), "tenants")};
}

/// The text is an API: every name, label, HELP and type.
TEST(Metrics, AreTheGoldenOnes) {
  const std::string path = DRIFTD_SOURCE_DIR "/tests/unit/publish/metrics.golden.txt";
  const std::string text =
      metrics_text({published(sample_report()), unknown(500, "lost"), with_models("modelled"),
                    published(tenants_report(), "tenants")},
                   at(1));
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(text, read_file(path));
}

TEST(Metrics, NoSeriesComesTwice) {
  AllPublished all = everything();
  all.push_back(in_sync("fine"));
  all.push_back(in_sync("bad\xFF"));
  all.push_back(in_sync("bad\xFE"));
  std::set<std::string> series;
  for (const std::string& line : split(metrics_text(all, at(1)), '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
  }
}

TEST(Metrics, EveryFamilyHasHelpAndTypeAndTheRightName) {
  std::set<std::string> names;
  for (const std::string& line : split(metrics_text(everything(), at(1)), '\n')) {
    if (line.starts_with("# HELP ")) {
      const auto words = split(line, ' ');
      EXPECT_TRUE(words[2].starts_with("driftd_"));
      EXPECT_TRUE(line.ends_with('.'));
      EXPECT_TRUE(names.insert(words[2]).second);
    }
    if (line.starts_with("# TYPE ")) {
      EXPECT_EQ(line.ends_with(" counter"), line.find("_total ") != std::string::npos) << line;
    }
  }
}

TEST(Metrics, AreValidUtf8) {
  const std::string text = metrics_text({hostile()}, at(1));
  EXPECT_EQ(valid_utf8(text), text);
  EXPECT_THAT(text, HasSubstr("object=\"app.\\\"line\\nbreak\\\"\""));
  EXPECT_THAT(text, HasSubstr("object=\"app.\\\"back\\\\slash\\\"\""));
}

TEST(Metrics, ADatabaseThatCannotBeLookedAtIsNeverInSync) {
  const std::string text = metrics_text({unknown(5)}, at(0));
  EXPECT_THAT(text, HasSubstr("driftd_up{datname=\"app\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("status=\"unknown\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("status=\"in_sync\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("driftd_drift_findings{"));  // not too old yet
  EXPECT_THAT(text,
              HasSubstr("driftd_unknown_since_timestamp_seconds{datname=\"app\"} 1772330340"));
}

TEST(Metrics, OldFindingsAreLeftOutAndNotCalledZero) {
  const std::string text = metrics_text({unknown(10)}, at(0));
  EXPECT_THAT(text, Not(HasSubstr("driftd_drift_findings{")));
  EXPECT_THAT(text, Not(HasSubstr("driftd_finding_info{")));
  EXPECT_THAT(text, Not(HasSubstr("driftd_findings_truncated{")));
  EXPECT_THAT(text, HasSubstr("driftd_pending_migrations{datname=\"app\"} 1\n"));
}

TEST(Metrics, BeforeTheFirstLookNothingIsKnown) {
  const std::string text = metrics_text({never_looked()}, at(0));
  EXPECT_THAT(text, HasSubstr("driftd_up{datname=\"app\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("status=\"unknown\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("driftd_drift_findings{")));
  EXPECT_THAT(text, Not(HasSubstr("driftd_last_success_timestamp_seconds{")));
}

TEST(Metrics, EveryKindAndImpactIsThereAtZero) {
  const std::string text = metrics_text({in_sync()}, at(0));
  for (const std::string& kind : judged_kinds()) {
    for (const char* impact : {"breaking", "risky", "harmless"}) {
      EXPECT_THAT(text, HasSubstr("driftd_drift_findings{datname=\"app\",comparison=\"database\","
                                  "impact=\"" +
                                  std::string(impact) + "\",kind=\"" + kind + "\"} 0\n"));
    }
  }
}

TEST(Metrics, OnlyConfirmedFindingsCount) {
  const std::string text = metrics_text({published(sample_report())}, at(0));
  EXPECT_THAT(text, HasSubstr("impact=\"breaking\",kind=\"column\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("impact=\"harmless\",kind=\"table\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("users_backup")));
}

TEST(Metrics, NamesTheWorstAndSaysHowManyItHides) {
  Report report = sample_report();
  report.findings.clear();
  for (int i = 0; i < 40; ++i) {
    Finding finding = finding_of(
        {{"column", "app.t.c" + std::to_string(100 + i)}, DriftKind::Missing, {}, {}, 0, {}});
    if (i == 3) finding.state = FindingState::Seen;
    report.findings.push_back(finding);
  }
  const std::string text = metrics_text({published(report)}, at(0));
  std::size_t named = 0;
  for (const std::string& line : split(text, '\n'))
    named += line.starts_with("driftd_finding_info{");
  EXPECT_EQ(named, 25U);
  EXPECT_THAT(text, HasSubstr("driftd_findings_truncated{datname=\"app\"} 14\n"));
  EXPECT_THAT(text, HasSubstr("app.t.c100\""));
  EXPECT_THAT(text, Not(HasSubstr("app.t.c139\"")));
}

TEST(Metrics, CountFindingsByCauseAndImpact) {
  Report report = explained_report();
  report.findings[1].impact = Impact::Risky;
  report.findings[3].cause = Cause::ChangedByHand;  // only seen, so it counts for nothing
  const std::string text = metrics_text({published(report)}, at(0));
  for (const char* line : {"cause=\"stamped_not_applied\",impact=\"breaking\"} 1",
                           "cause=\"stamped_not_applied\",impact=\"risky\"} 1",
                           "cause=\"half_applied\",impact=\"breaking\"} 0",
                           "cause=\"changed_by_hand\",impact=\"breaking\"} 1",
                           "cause=\"changed_by_hand\",impact=\"harmless\"} 0"}) {
    EXPECT_THAT(text, HasSubstr("driftd_cause_findings{datname=\"app\",comparison=\"database\"," +
                                std::string(line) + "\n"));
  }
  EXPECT_THAT(text, Not(HasSubstr("rolled_back_image")));
}

TEST(Metrics, NameWhatSharesACauseLast) {
  Report report = sample_report();
  report.findings.clear();
  for (int i = 0; i < 30; ++i) {
    Finding finding = finding_of(
        {{"column", "app.t.c" + std::to_string(100 + i)}, DriftKind::Missing, {}, {}, 0, {}});
    finding.cause = i < 29 ? Cause::StampedNotApplied : Cause::ChangedByHand;
    report.findings.push_back(finding);
  }
  const std::string text = metrics_text({published(report)}, at(0));
  EXPECT_THAT(text, HasSubstr("object=\"app.t.c129\""));
  EXPECT_THAT(text, HasSubstr("object=\"app.t.c123\""));
  EXPECT_THAT(text, Not(HasSubstr("object=\"app.t.c124\"")));
  EXPECT_THAT(text, HasSubstr("driftd_findings_truncated{datname=\"app\"} 5\n"));
}

TEST(Metrics, CountWhatIsMadeAtRunTime) {
  Report report = sample_report();
  report.run_time = sample_run_time();
  const std::string text = metrics_text({published(report)}, at(0));
  EXPECT_THAT(text, HasSubstr("driftd_run_time_objects{datname=\"app\"} 18\n"));
  EXPECT_THAT(text, HasSubstr("driftd_unused_run_time_patterns{datname=\"app\"} 1\n"));
}

TEST(Metrics, OfNothingAreNothing) {
  EXPECT_EQ(metrics_text({}, at(0)).find('{'), std::string::npos);
}

TEST(Metrics, OfModelsHaveAComparisonOfTheirOwn) {
  const std::string text = metrics_text({with_models()}, at(1));
  for (const char* line :
       {"driftd_status{datname=\"app\",comparison=\"database\",status=\"in_sync\"} 1",
        "driftd_status{datname=\"app\",comparison=\"models\",status=\"drift\"} 1",
        "driftd_drift_findings{datname=\"app\",comparison=\"models\",impact=\"breaking\","
        "kind=\"column\"} 1",
        "driftd_drift_findings{datname=\"app\",comparison=\"database\",impact=\"breaking\","
        "kind=\"column\"} 0",
        "driftd_models_unread_parts{datname=\"app\"} 1"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(metrics_text({in_sync()}, at(1)), Not(HasSubstr("comparison=\"models\"")));
}

TEST(Metrics, ModelsThatAreOnlyPartlyReadAreNeverInSync) {
  auto all = with_models();
  auto report = *all->models->last_good;
  report.findings.clear();
  all->models = published(report);
  EXPECT_THAT(metrics_text({all}, at(1)),
              HasSubstr("driftd_status{datname=\"app\",comparison=\"models\","
                        "status=\"unknown\"} 1"));
}

}  // namespace
}  // namespace driftd
