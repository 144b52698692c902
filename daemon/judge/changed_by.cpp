#include "daemon/judge/changed_by.h"

#include <fmt/format.h>

namespace driftd {

std::string who_words(const ChangedBy& by) {
  std::string text = by.certain ? "by " : "perhaps by ";
  text += by.login_role;
  if (by.acting_role != by.login_role) text += fmt::format(" (as {})", by.acting_role);
  if (!by.application.empty()) text += " with " + by.application;
  if (!by.client.empty()) text += " from " + by.client;
  return text;
}

}  // namespace driftd
