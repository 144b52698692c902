#include "daemon/publish/metric_page.h"

#include <fmt/format.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <set>

#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {

Metric family(std::string name, std::string help, Metric::Kind kind) {
  return {std::move(name), std::move(help), kind};
}

void add(Metric& to, std::vector<std::pair<std::string, std::string>> labels, double value) {
  for (auto& [name, text] : labels) text = valid_utf8(text);
  to.samples.push_back({std::move(labels), value});
}

double seconds(Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double number(std::size_t count) {
  return static_cast<double>(count);
}

Sample unless_never(Time time) {
  if (time == Time{}) return std::nullopt;
  return seconds(time);
}

namespace {

std::vector<Watched> watched(const AllPublished& all, Time now) {
  std::set<std::string> names;
  std::vector<Watched> databases;
  for (const auto& published : all) {
    std::string name = valid_utf8(published->name);
    for (int i = 2; !names.insert(name).second; ++i) {
      name = fmt::format("{} ({})", valid_utf8(published->name), i);
    }
    databases.push_back({name, published.get(), findings_expired(*published, now)});
  }
  return databases;
}

prometheus::MetricFamily of_prometheus(const Metric& metric) {
  const bool counts = metric.kind == Metric::Kind::Counter;
  prometheus::MetricFamily family{
      metric.name,
      metric.help,
      counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge,
      {}};
  for (const Metric::Sample& sample : metric.samples) {
    prometheus::ClientMetric& one = family.metric.emplace_back();
    for (const auto& [name, text] : sample.labels) one.label.push_back({name, text});
    (counts ? one.counter.value : one.gauge.value) = sample.value;
  }
  return family;
}

}  // namespace

MetricPage::MetricPage(const AllPublished& all, Time now) : databases_(watched(all, now)) {
  for (const Watched& database : databases_) {
    comparisons_.push_back(database);
    const Published* models = database.published->models.get();
    if (models == nullptr) continue;
    comparisons_.push_back({database.name, models, findings_expired(*models, now), "models"});
  }
}

std::string MetricPage::text() const {
  std::vector<prometheus::MetricFamily> families;
  for (const Metric& metric : families_) families.push_back(of_prometheus(metric));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace driftd
