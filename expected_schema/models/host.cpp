#include "expected_schema/models/host.h"

#include <algorithm>
#include <filesystem>

#include "expected_schema/alembic/libraries.h"
#include "expected_schema/alembic/modules.h"
#include "expected_schema/alembic/packages.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/host_words.h"
#include "expected_schema/models/roles.h"
#include "expected_schema/models/stand_ins.h"

namespace driftd::models {

using python::Symbol;

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

Host::Host(std::vector<std::string> roots, std::vector<std::string> packages,
           alembic::Surroundings around)
    : alembic::Host(nullptr, "models", {}, std::move(around)),
      roots_(std::move(roots)),
      packages_(std::move(packages)) {}

std::optional<python::Host::Source> Host::module_source(const std::string& module,
                                                        const Place& place) {
  if (const auto text = stand_in(module)) return Source{module + " (stand-in)", std::string(*text)};
  if (module.empty() || module.starts_with("sqlalchemy.") || module == "sqlalchemy") {
    return std::nullopt;
  }
  std::vector<std::filesystem::path> roots(roots_.begin(), roots_.end());
  auto file = alembic::module_file(module, std::filesystem::path(place.file).parent_path(), roots);
  const bool of_package = !file && !packages_.empty() && !alembic::is_known_by_name(module);
  if (of_package) {
    file = alembic::module_file(
        module, {}, std::vector<std::filesystem::path>(packages_.begin(), packages_.end()));
  }
  if (!file) {
    const std::string first = module.substr(0, module.find('.'));
    if (!alembic::is_library(first + ".")) noted_.absent.push_back(module);
    return std::nullopt;
  }
  const auto text = alembic::module_text(*file);
  if (!text) return std::nullopt;
  noted_.files.push_back(file->string());
  if (of_package) noted_.of_packages.push_back(file->string());
  return Source{file->string(), *text};
}

bool Host::stays_symbol(const std::string& path) {
  // `from advanced_alchemy import types`, of which the package is read and the module is not.
  const std::size_t dot = path.rfind('.');
  const bool module_of_package = !noted_.of_packages.empty() && dot != std::string::npos &&
                                 alembic::is_known_by_name(path) &&
                                 !alembic::is_known_by_name(path.substr(0, dot));
  return module_of_package || alembic::Host::stays_symbol(path);
}

void Host::note_uncertain(const Place& place) {
  if (evaluator_ == nullptr) return;
  if (const auto why = evaluator_->uncertain()) noted_.uncertain.emplace_back(place, why->what);
}

void Host::class_made(const Value& type) {
  noted_.classes.push_back(type);
  if (evaluator_ == nullptr) return;
  if (const auto body = evaluator_->body_of(type)) note_uncertain(body->place);
}

std::vector<Value> Host::classes_within(const Value& base) {
  if (const auto* symbol = base.get_if<Symbol>();
      symbol != nullptr && symbol->path == kFlaskModel) {
    for (const Value& flask : noted_.flask) {
      const Value* own = flask.term()->arguments.find("model_class");
      if (own != nullptr && !own->is_none()) return {*own};
    }
    return {};
  }
  return classes_of_base(base);
}

std::optional<std::vector<std::string>> Host::names_within(const Value& base) {
  if (const auto* generic = base.get_if<std::shared_ptr<const python::Operation>>()) {
    return (*generic)->left ? names_within(*(*generic)->left) : std::nullopt;
  }
  const auto* symbol = base.get_if<Symbol>();
  const std::string path = symbol != nullptr ? symbol->path : std::string();
  if (path.starts_with("typing.") || path.starts_with("abc.") || path.starts_with("enum.") ||
      path.starts_with("typing_extensions.")) {
    return std::vector<std::string>{};
  }
  const bool makes_base = base.term() != nullptr && is_library_base(base);
  if (!makes_base && path != kFlaskModel && !path.starts_with("sqlalchemy.orm.")) {
    return std::nullopt;
  }
  return std::vector<std::string>{"__abstract__",      "__init__",     "__mapper__", "__table__",
                                  "_sa_class_manager", "_sa_registry", "metadata",   "query",
                                  "query_class",       "registry"};
}

void Host::statement_failed(std::string_view text, const Place& place, const Error& error) {
  noted_.failures.push_back({std::string(text), place, error});
}

bool Host::takes_assignment(const Value& object, const std::string& name, const Value& value) {
  if (name == "naming_convention") noted_.conventions.emplace_back(object, value);
  if (name == "schema") noted_.schemas.emplace_back(object, value);
  return true;
}

}  // namespace driftd::models
