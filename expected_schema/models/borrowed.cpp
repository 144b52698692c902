#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "expected_schema/models/models.h"

namespace driftd {
namespace {

/// `function app.next_id(integer) does not exist`: its name without the schema.
std::optional<std::string> missing_function(const std::string& message) {
  constexpr std::string_view word = "function ";
  const std::size_t at = message.find(word);
  const std::size_t open = at == std::string::npos ? at : message.find('(', at);
  if (open == std::string::npos || message.find("does not exist", open) == std::string::npos) {
    return std::nullopt;
  }
  const std::string name = message.substr(at + word.size(), open - at - word.size());
  return name.substr(name.rfind('.') + 1);
}

/// A function that is called so, and does nothing. One that cannot be made is left out: what needs
/// it is refused again.
std::optional<std::string> stub_of(const Object& function) {
  const auto result = function.property("result");
  const std::size_t open = function.identity.find('(');
  if (!result || open == std::string_view::npos) return std::nullopt;
  const std::string made = fmt::format(
      "CREATE FUNCTION {}({}) RETURNS {} LANGUAGE plpgsql {} AS $driftd_body$ BEGIN END "
      "$driftd_body$",
      function.identity.substr(0, open), function.property("arguments").value_or(""), *result,
      function.property("volatility").value_or("volatile"));
  return fmt::format(
      "DO $driftd$ BEGIN EXECUTE $driftd_make${}$driftd_make$; EXCEPTION WHEN OTHERS THEN NULL; "
      "END $driftd$",
      made);
}

}  // namespace

bool borrow_functions(Models& models, const Catalogue& migrations, const Error& refused) {
  const auto name = missing_function(refused.message());
  if (!name) return false;
  const std::size_t before = models.borrowed.size();
  for (const Object& object : migrations.objects()) {
    if (object.kind != "function") continue;
    const std::string_view called = object.identity.substr(0, object.identity.find('('));
    if (called.substr(called.rfind('.') + 1) != *name) continue;
    const std::string identity(object.identity);
    const bool again = std::ranges::find(models.borrowed, identity, &BorrowedFunction::identity) !=
                       models.borrowed.end();
    const auto sql = again ? std::nullopt : stub_of(object);
    if (sql) models.borrowed.push_back({identity, *sql});
  }
  return models.borrowed.size() > before;
}

}  // namespace driftd
