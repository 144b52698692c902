#include "daemon/http/own_metrics.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include "expected_schema/base/text.h"

namespace driftd::http {
namespace {

std::string label_value(std::string_view text) {
  std::string result;
  for (const char c : valid_utf8(text)) {
    if (c == '\\' || c == '"') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result;
}

void add(std::string& text, std::string_view name, std::string_view type, std::string_view help,
         const std::string& samples) {
  text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{3}", name, help, type, samples);
}

void add_value(std::string& text, std::string_view name, std::string_view type,
               std::string_view help, double value) {
  add(text, name, type, help, fmt::format("{} {}\n", name, value));
}

/// The fields of /proc/self/stat from the third on, which follow the name in parentheses.
std::vector<std::string> stat_fields() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto close = text.rfind(") ");
  if (close == std::string::npos) return {};
  return split(trim(std::string_view(text).substr(close + 2)), ' ');
}

std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    double value = 0;
    if (!line.starts_with("btime ")) continue;
    const auto [end, failed] = std::from_chars(line.data() + 6, line.data() + line.size(), value);
    if (failed == std::errc()) return value;
  }
  return {};
}

std::optional<double> open_files() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return {};
  double count = 0;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] != '.') ++count;
  }
  ::closedir(folder);
  return count - 1;  // the folder that was just read
}

/// proc(5), /proc/pid/stat; numbers there count from 1, and ours from its field 3.
void add_process(std::string& text) {
  const auto fields = stat_fields();
  const auto field = [&](std::size_t number) {
    double value = 0;
    const std::string& digits = fields.at(number - 3);
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  };
  if (fields.size() > 24 - 3) {
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    add_value(text, "process_cpu_seconds_total", "counter",
              "Total user and system CPU time spent in seconds.", (field(14) + field(15)) / ticks);
    add_value(text, "process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.",
              field(23));
    add_value(text, "process_resident_memory_bytes", "gauge", "Resident memory size in bytes.",
              field(24) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    if (const auto boot = boot_time()) {
      add_value(text, "process_start_time_seconds", "gauge",
                "Start time of the process since unix epoch in seconds.",
                *boot + field(22) / ticks);
    }
  }
  if (const auto open = open_files()) {
    add_value(text, "process_open_fds", "gauge", "Number of open file descriptors.", *open);
  }
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    add_value(text, "process_max_fds", "gauge", "Maximum number of open file descriptors.",
              static_cast<double>(files.rlim_cur));
  }
}

void add_workers(std::string& text, const std::vector<WorkersLoad>& workers) {
  const auto family = [&](std::string_view name, std::string_view help,
                          std::size_t WorkersLoad::*value) {
    std::string samples;
    for (const WorkersLoad& load : workers) {
      samples += fmt::format("{}{{lane=\"{}\"}} {}\n", name, label_value(load.lane), load.*value);
    }
    if (!samples.empty()) add(text, name, "gauge", help, samples);
  };
  family("driftd_workers", "Threads that a lane may have.", &WorkersLoad::most);
  family("driftd_workers_busy", "Threads of a lane that have something to do.", &WorkersLoad::busy);
  family("driftd_workers_due", "What is due in a lane and waits for a thread.", &WorkersLoad::due);
}

}  // namespace

void RequestCounts::count(const std::string& handler, int code) {
  const std::lock_guard lock(mutex_);
  ++counts_[{handler, code}];
}

std::map<std::pair<std::string, int>, std::uint64_t> RequestCounts::get() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::string own_metrics(const BuildInfo& build, const RequestCounts& requests,
                        const ReloadState& reload, const std::vector<WorkersLoad>& workers) {
  std::string text;
  add(text, "driftd_build_info", "gauge", "A constant 1 with how driftd was built.",
      fmt::format("driftd_build_info{{version=\"{}\",revision=\"{}\",compiler=\"{}\"}} 1\n",
                  label_value(build.version), label_value(build.revision),
                  label_value(build.compiler)));
  add_value(text, "driftd_config_last_reload_successful", "gauge",
            "Whether the last reload of the settings succeeded.", reload.successful ? 1 : 0);
  const auto since = std::chrono::duration<double>(reload.last_success.time_since_epoch());
  add(text, "driftd_config_last_reload_success_timestamp_seconds", "gauge",
      "When the settings were last loaded with success.",
      fmt::format("driftd_config_last_reload_success_timestamp_seconds {:.3f}\n", since.count()));
  std::string samples;
  for (const auto& [key, count] : requests.get()) {
    samples += fmt::format("driftd_http_requests_total{{handler=\"{}\",code=\"{}\"}} {}\n",
                           label_value(key.first), key.second, count);
  }
  if (!samples.empty()) {
    add(text, "driftd_http_requests_total", "counter",
        "Requests answered, by the pattern of the route and the status code.", samples);
  }
  add_workers(text, workers);
  add_process(text);
  return text;
}

}  // namespace driftd::http
