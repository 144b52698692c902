#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/publish/publish.h"

namespace driftd {

/// One metric: its name, its help, and a sample for each set of labels.
struct Metric {
  enum class Kind { Gauge, Counter };
  struct Sample {
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
  };

  std::string name;
  std::string help;
  Kind kind = Kind::Gauge;
  std::vector<Sample> samples = {};
};

/// Nothing: there is no sample now.
using Sample = std::optional<double>;

Metric family(std::string name, std::string help, Metric::Kind kind = Metric::Kind::Gauge);
void add(Metric& to, std::vector<std::pair<std::string, std::string>> labels, double value);
double seconds(Time time);  ///< since 1970
double number(std::size_t count);
Sample unless_never(Time time);

/// One database under the name its series carry: unique, or Prometheus would drop one of two.
struct Watched {
  std::string name;
  const Published* published;
  bool expired;  ///< its findings are too old to be shown
  std::string comparison = "database";

  const Report* report() const { return published->last_good.get(); }
};

/// The metrics of all databases, in the order in which they are added.
class MetricPage {
 public:
  MetricPage(const AllPublished& all, Time now);

  /// One sample a database, where `value` gives one.
  template <typename Value>
  void each(Metric metric, Value value) {
    for (const Watched& database : databases_) {
      if (const std::optional<double> sample = value(database)) {
        add(metric, {{"datname", database.name}}, *sample);
      }
    }
    families_.push_back(std::move(metric));
  }

  /// Any number of samples a database; `append` gets the family to add to.
  template <typename Append>
  void many(Metric metric, Append append) {
    for (const Watched& database : databases_) append(database, metric);
    families_.push_back(std::move(metric));
  }

  /// Any number of samples a comparison: of a database, and of its models where there are any.
  template <typename Append>
  void many_compared(Metric metric, Append append) {
    for (const Watched& comparison : comparisons_) append(comparison, metric);
    families_.push_back(std::move(metric));
  }

  /// One sample a comparison of models, where `value` gives one.
  template <typename Value>
  void each_models(Metric metric, Value value) {
    for (const Watched& comparison : comparisons_) {
      if (comparison.comparison != "models") continue;
      if (const std::optional<double> sample = value(comparison)) {
        add(metric, {{"datname", comparison.name}}, *sample);
      }
    }
    families_.push_back(std::move(metric));
  }

  /// As Prometheus reads it.
  std::string text() const;

 private:
  std::vector<Watched> databases_;
  std::vector<Watched> comparisons_;
  std::vector<Metric> families_;
};

/// What was found: findings, causes, waivers, what is made at run time; see
/// metrics_of_findings.cpp.
void finding_metrics(MetricPage& page);
/// Of which objects and tenants it can be told.
void tenant_metrics(MetricPage& page);

}  // namespace driftd
