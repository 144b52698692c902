#include "expected_schema/scratch/server.h"

#include "expected_schema/base/error.h"
#include "expected_schema/postgres/session.h"
#include "expected_schema/scratch/binaries.h"
#include "expected_schema/scratch/embedded.h"
#include "expected_schema/scratch/given.h"

namespace driftd {

struct ScratchServer::Storage {
  std::unique_ptr<EmbeddedServer> embedded;  // one of the two
  std::unique_ptr<GivenServer> given;
  int major = 0;
};

ScratchServer::ScratchServer(const ScratchSettings& settings, int major)
    : storage_(std::make_unique<Storage>()) {
  storage_->major = major;
  if (settings.conninfo.empty()) {
    storage_->embedded = std::make_unique<EmbeddedServer>(settings, major);
  } else {
    storage_->given = std::make_unique<GivenServer>(settings, major);
  }
}

ScratchServer::~ScratchServer() = default;

Endpoint ScratchServer::admin(const std::string& database) const {
  Endpoint endpoint;
  endpoint.conninfo = storage_->embedded
                          ? storage_->embedded->conninfo(database, storage_->embedded->superuser())
                          : storage_->given->conninfo(database, {});
  return endpoint;
}

Endpoint ScratchServer::as_role(const std::string& database, const std::string& role) const {
  Endpoint endpoint;
  endpoint.conninfo = storage_->embedded ? storage_->embedded->conninfo(database, role)
                                         : storage_->given->conninfo(database, role);
  return endpoint;
}

int ScratchServer::major() const {
  return storage_->major;
}

bool ScratchServer::running() {
  return storage_->embedded ? storage_->embedded->running() : storage_->given->running();
}

bool ScratchServer::embedded() const {
  return storage_->embedded != nullptr;
}

void ScratchServer::hold(const std::string& database) {
  if (storage_->given) storage_->given->hold(database);
}

void ScratchServer::release(const std::string& database) {
  if (storage_->given) storage_->given->release(database);
}

int remove_leftovers(const ScratchSettings& settings) {
  if (settings.conninfo.empty()) return remove_private_leftovers(settings);
  try {
    // A session of its own: the locks of living owners in this process must be seen as held.
    return GivenServer(settings, 0).remove_leftovers();
  } catch (const Error&) {
    return 0;
  }
}

std::vector<int> embedded_majors(const ScratchSettings& settings) {
  std::vector<int> majors;
  for (const Binaries& found : all_binaries(settings)) majors.push_back(found.major);
  return majors;
}

}  // namespace driftd
