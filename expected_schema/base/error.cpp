#include "expected_schema/base/error.h"

#include <fmt/format.h>

#include <utility>

namespace driftd {

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::Settings:
      return "settings";
    case Reason::Connect:
      return "connect";
    case Reason::Auth:
      return "auth";
    case Reason::Permission:
      return "permission";
    case Reason::Timeout:
      return "timeout";
    case Reason::LockTimeout:
      return "lock_timeout";
    case Reason::DdlInProgress:
      return "ddl_in_progress";
    case Reason::CatalogueChanged:
      return "catalogue_changed";
    case Reason::ServerVersion:
      return "server_version";
    case Reason::History:
      return "history";
    case Reason::NotUnderstood:
      return "not_understood";
    case Reason::Query:
      return "query";
    case Reason::Replay:
      return "replay";
    case Reason::Scratch:
      return "scratch";
    case Reason::Internal:
      return "internal";
  }
  return "internal";
}

std::string to_string(const Place& place) {
  if (place.file.empty()) return {};
  if (place.line == 0) return place.file;
  if (place.column == 0) return fmt::format("{}:{}", place.file, place.line);
  return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

namespace {
std::string with_place(const Place& place, const std::string& message) {
  const std::string where = to_string(place);
  return where.empty() ? message : where + ": " + message;
}
}  // namespace

Error::Error(Reason reason, std::string message, std::string hint, Place place)
    : std::runtime_error(with_place(place, message)),
      reason_(reason),
      message_(std::move(message)),
      hint_(std::move(hint)),
      place_(std::move(place)) {}

bool Error::passing() const {
  return reason_ == Reason::LockTimeout || reason_ == Reason::DdlInProgress ||
         reason_ == Reason::CatalogueChanged;
}

}  // namespace driftd
