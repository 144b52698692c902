#include "daemon/http/own_metrics.h"

#include <gmock/gmock.h>

#include <set>

#include "expected_schema/base/text.h"

namespace driftd::http {
namespace {

using testing::HasSubstr;

std::string example() {
  RequestCounts requests;
  requests.count("/metrics", 200);
  requests.count("/metrics", 200);
  requests.count("un\"known\n", 404);
  return own_metrics({"1.2", "abc", "gcc"}, requests,
                     {.successful = false, .last_success = Time(std::chrono::seconds(1700000000))},
                     {{"looks", 4, 3, 2}});
}

TEST(OwnMetrics, SayWhatTheyAreGiven) {
  const std::string text = example();
  EXPECT_THAT(
      text, HasSubstr("driftd_build_info{version=\"1.2\",revision=\"abc\",compiler=\"gcc\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("driftd_http_requests_total{handler=\"/metrics\",code=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{handler=\"un\\\"known\\n\",code=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("driftd_config_last_reload_successful 0\n"));
  EXPECT_THAT(text, HasSubstr("driftd_workers{lane=\"looks\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("driftd_workers_busy{lane=\"looks\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("driftd_workers_due{lane=\"looks\"} 2\n"));
  EXPECT_THAT(text,
              HasSubstr("driftd_config_last_reload_success_timestamp_seconds 1700000000.000\n"));
}

/// The value of a sample without labels.
double value_of(const std::string& text, const std::string& name) {
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
  }
  ADD_FAILURE() << name << " is missing";
  return -1;
}

TEST(OwnMetrics, ProcessMetricsAreOfThisProcess) {
  const std::string text = example();
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_NEAR(value_of(text, "process_start_time_seconds"), now, 600);
  EXPECT_GT(value_of(text, "process_resident_memory_bytes"), 1e5);
  EXPECT_GT(value_of(text, "process_virtual_memory_bytes"),
            value_of(text, "process_resident_memory_bytes"));
  EXPECT_GE(value_of(text, "process_cpu_seconds_total"), 0);
  EXPECT_GE(value_of(text, "process_open_fds"), 3);
  EXPECT_GT(value_of(text, "process_max_fds"), value_of(text, "process_open_fds"));
}

TEST(OwnMetrics, EachHasHelpAndTypeOnce) {
  std::set<std::string> typed;
  for (const std::string& line : split(example(), '\n')) {
    if (line.starts_with("# TYPE ")) {
      EXPECT_TRUE(typed.insert(split(line, ' ').at(2)).second) << line;
    } else if (!line.empty() && !line.starts_with('#')) {
      EXPECT_TRUE(typed.contains(line.substr(0, line.find_first_of("{ ")))) << line;
    }
  }
}

}  // namespace
}  // namespace driftd::http
