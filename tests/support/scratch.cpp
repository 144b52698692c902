#include "tests/support/scratch.h"

#include <stdexcept>

namespace driftd::test {
namespace {
const Limits unlimited{std::chrono::milliseconds(10000), std::chrono::milliseconds(0)};

std::unique_ptr<ScratchServer> start() {
  const std::vector<int> majors = embedded_majors({});
  if (majors.empty()) throw std::runtime_error("these tests need PostgreSQL's server programs");
  return std::make_unique<ScratchServer>(ScratchSettings{}, majors.back());
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
