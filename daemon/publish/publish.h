#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "daemon/watch/published.h"

/// Report in, text out. Pure: no clock, no socket, no file.
namespace driftd {

using AllPublished = std::vector<std::shared_ptr<const Published>>;

/// Prometheus' text format 0.0.4. `process` metrics are appended by the caller. `now` decides
/// whether the findings of a database that cannot be looked at are too old to be shown: after
/// three intervals their series are left out.
std::string metrics_text(const AllPublished& all, Time now);

/// The body of /api/v1/databases: all of them. Versioned: `"schema_version": 1`.
std::string json_text(const AllPublished& all);
/// The body of /api/v1/databases/{name}, and `check --format json`.
std::string json_text(const Published& published);

/// The page `/`: every database with its status and findings. Needs no script; links
/// `/style.css`, so that `style-src 'self'` is policy enough.
std::string page_html(const AllPublished& all, Time now);
/// The page /databases/{name}.
std::string database_html(const Published& published, Time now);
/// The body of /style.css, `text/css`.
std::string page_css();

struct TerminalStyle {
  bool colour = false;
};
/// What `check` prints for a person.
std::string terminal_text(const Published& published, const TerminalStyle& style);

}  // namespace driftd
