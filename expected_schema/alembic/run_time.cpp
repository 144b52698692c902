#include "expected_schema/alembic/run_time.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "expected_schema/python/evaluator.h"

namespace driftd::alembic {

using python::Value;

std::optional<Value> known_at_run_time(std::string_view path, const Place& place) {
  const auto gives = [&](std::string what) { return python::unknown(std::move(what), place); };
  if (path.starts_with("os.environ.")) return gives("the environment");
  if (path.starts_with("alembic.context.config.") && !path.ends_with(".get_main_option")) {
    return gives("Alembic's configuration");
  }
  if (path.starts_with("flask.current_app")) return gives("the application's configuration");
  if (path.starts_with("sys.")) return gives("what Python's sys says");
  if (path.starts_with("random.") || path.starts_with("secrets.") || path.starts_with("time.") ||
      path == "os.urandom") {
    return path.ends_with("sleep") ? Value() : gives("the outcome of " + std::string(path));
  }
  return std::nullopt;
}

std::optional<Value> outcome_at_run_time(std::string_view path, const Place& place) {
  static constexpr std::string_view calls[] = {
      "uuid.uuid1", "uuid.uuid3", "uuid.uuid4",     "uuid.uuid5",     "os.getcwd",    "os.getpid",
      "os.listdir", "os.walk",    "os.path.exists", "os.path.isfile", "os.path.isdir"};
  const std::string_view name = path.substr(path.rfind('.') + 1);
  const bool clock =
      path.starts_with("datetime.") && (name == "now" || name == "utcnow" || name == "today" ||
                                        name == "fromtimestamp" || name == "utcfromtimestamp");
  if (!clock && std::find(std::begin(calls), std::end(calls), path) == std::end(calls)) {
    return std::nullopt;
  }
  return python::unknown("the outcome of " + std::string(path) + "()", place);
}

}  // namespace driftd::alembic
