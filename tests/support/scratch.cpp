#include "tests/support/scratch.h"

#include <cstdlib>
#include <stdexcept>

namespace driftd::test {
namespace {
const Limits unlimited{std::chrono::milliseconds(10000), std::chrono::milliseconds(0)};

/// The newest server of the machine, or the one that DRIFTD_TEST_BINDIR names.
std::unique_ptr<ScratchServer> start() {
  ScratchSettings settings;
  if (const char* bindir = std::getenv("DRIFTD_TEST_BINDIR")) settings.bindir = bindir;
  const std::vector<int> majors = embedded_majors(settings);
  if (majors.empty()) throw std::runtime_error("these tests need PostgreSQL's server programs");
  return std::make_unique<ScratchServer>(settings, majors.back());
}
}  // namespace

ScratchServer& scratch_server() {
  static const std::unique_ptr<ScratchServer> server = start();
  return *server;
}

Target plain_target() {
  Target target;
  target.encoding = "UTF8";
  target.collate = "C";
  target.ctype = "C";
  target.owner = "app";
  target.roles = {"app"};
  target.server_major = scratch_server().major();
  return target;
}

std::unique_ptr<ScratchDatabase> fresh_database(const Target& target) {
  return std::make_unique<ScratchDatabase>(scratch_server(), target);
}

Session connect(const ScratchDatabase& database) {
  return Session(database.admin(), unlimited);
}

Session connect_as_owner(const ScratchDatabase& database) {
  return Session(database.owner(), unlimited);
}

void run_sql(const ScratchDatabase& database, const std::string& sql) {
  connect_as_owner(database).execute(sql);
}

}  // namespace driftd::test
