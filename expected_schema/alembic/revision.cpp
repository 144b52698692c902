#include "expected_schema/alembic/revision.h"

#include <fmt/format.h>

#include <filesystem>

#include "expected_schema/alembic/host.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Value;

namespace {

/// None, one text, or several.
std::vector<std::string> texts(const std::optional<Value>& value, const std::string& name,
                               const Place& place) {
  if (!value || value->is_none()) return {};
  if (const auto* text = text_in(*value)) return {*text};
  std::vector<std::string> result;
  const auto* items = sequence_in(*value);
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    if (const auto* text = text_in((*items)[i])) result.push_back(*text);
  }
  if (items == nullptr || result.size() != items->size()) {
    throw Error(Reason::NotUnderstood,
                fmt::format("{} = {} is no revision id", name, python::repr(*value)),
                "Write it as a text, a tuple of texts, or None.", place);
  }
  return result;
}

}  // namespace

namespace {

Revision read_with(const std::string& file, const std::string& text,
                   const std::vector<std::string>& import_roots) {
  Surroundings around;
  around.import_roots = import_roots;
  Host host(nullptr, {}, std::filesystem::path(file).parent_path().string(), std::move(around));
  python::Evaluator evaluator(host);
  const auto module = evaluator.load("revision", file, text);
  const auto need = [&](const std::string& name) {
    const std::optional<Value> value = evaluator.global(*module, name);
    if (!value) {
      throw Error(Reason::NotUnderstood, "the file says no " + name,
                  "Keep only revision files in the version locations, each with its revision and "
                  "down_revision.",
                  {file, 0, 0});
    }
    return value;
  };
  const auto many = [&](const std::string& name, const std::optional<Value>& value) {
    return texts(value, name, evaluator.place_of(*module, name));
  };
  Revision result;
  const std::optional<Value> id = need("revision");
  result.place = evaluator.place_of(*module, "revision");
  const auto* id_text = text_in(*id);
  if (id_text == nullptr || id_text->empty()) {
    throw Error(Reason::NotUnderstood, fmt::format("revision = {} is no text", python::repr(*id)),
                "Give the revision its id as a text.", result.place);
  }
  result.id = *id_text;
  result.down_revisions = many("down_revision", need("down_revision"));
  result.depends_on = many("depends_on", evaluator.global(*module, "depends_on"));
  result.branch_labels = many("branch_labels", evaluator.global(*module, "branch_labels"));
  const std::string docstring = evaluator.docstring(*module);
  const std::string_view body = trim(docstring);
  result.message = std::string(trim(body.substr(0, body.find('\n'))));
  result.file = file;
  result.digest = digest_of(text);
  return result;
}

}  // namespace

Revision read_revision(const std::string& file, const std::string& text,
                       const std::vector<std::string>& import_roots) {
  try {
    return read_with(file, text, {});
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood || import_roots.empty()) throw;
  }
  // An id or a label that another module says; few do, and the application's modules are many.
  return read_with(file, text, import_roots);
}

}  // namespace driftd::alembic
