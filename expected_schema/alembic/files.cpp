#include "expected_schema/alembic/files.h"

#include <algorithm>
#include <filesystem>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace fs = std::filesystem;
using python::Term;
using python::Value;

namespace {

constexpr std::string_view kFile = "driftd.file";
constexpr std::uintmax_t largest = 64U * 1024U * 1024U;

bool is_name(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const std::string* content_of(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || term->object || term->callee != kFile) return nullptr;
  return text_in(term->arguments.positional.front());
}

Value file_of(std::string text, const Place& place) {
  return Value(std::make_shared<const Term>(
      Term{std::string(kFile), nullptr, {{Value(std::move(text))}, {}}, place}));
}

std::optional<std::string> read_below(const std::string& path,
                                      const std::vector<std::string>& roots) {
  for (const std::string& root : roots) {
    std::error_code failed;
    const fs::path base = fs::weakly_canonical(root, failed);
    // A path from a folder above, as that of a package is, may lead back into the root.
    fs::path from = base;
    for (int up = 0; up < 6; ++up, from = from.parent_path()) {
      const fs::path file =
          fs::weakly_canonical(fs::path(path).is_absolute() ? fs::path(path) : from / path, failed);
      const auto [end, ignored] = std::mismatch(base.begin(), base.end(), file.begin(), file.end());
      if (failed || end != base.end() || !fs::is_regular_file(file, failed)) continue;
      if (fs::file_size(file, failed) > largest || failed) continue;
      return read_file(file.string());
    }
  }
  return std::nullopt;
}

/// The folder of a package, from where its imports begin: `app.migrations.data`.
std::optional<std::string> package_folder(const Value& package) {
  const auto* name = text_in(package);
  if (name == nullptr || name->empty()) return std::nullopt;
  std::string path = *name;
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

/// Python's modules of a package's files (docs.python.org, library/importlib.resources).
std::string_view resource_function(std::string_view path) {
  for (const std::string_view module : {"importlib.resources.", "importlib_resources."}) {
    if (path.starts_with(module)) return path.substr(module.size());
  }
  return {};
}

std::vector<Value> lines_of(const std::string& text) {
  std::vector<Value> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

Value open_file(const std::optional<std::string>& path, const Term& call, const Value* mode,
                const std::vector<std::string>& roots) {
  const auto* how = mode == nullptr ? nullptr : text_in(*mode);
  if (how != nullptr && how->find_first_of("wax+") != std::string::npos) {
    return python::unknown("a file that is written", call.place);
  }
  const auto text = path ? read_below(*path, roots) : std::nullopt;
  if (!text) {
    return python::unknown(path ? "what the file " + *path + " holds" : "what a file holds",
                           call.place, "Mount the file beside the migrations.");
  }
  return file_of(*text, call.place);
}

}  // namespace

std::optional<std::string> path_in(const Value& value) {
  if (const auto* text = text_in(value)) return *text;
  if (const auto* operation = value.get_if<std::shared_ptr<const python::Operation>>()) {
    if ((*operation)->op != "/" || !(*operation)->right) return std::nullopt;
    const auto left = path_in(*(*operation)->left);
    const auto right = path_in(*(*operation)->right);
    if (!left || !right) return std::nullopt;
    return (fs::path(*left) / *right).string();
  }
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>()) {
    const auto path = path_in(*(*attribute)->object);
    if (!path || (*attribute)->name != "parent") return std::nullopt;
    return fs::path(*path).parent_path().string();
  }
  const Term* term = value.term();
  if (term == nullptr) return std::nullopt;
  const auto& given = term->arguments.positional;
  if (!term->object) {
    if (resource_function(term->callee) == "files" && given.size() == 1) {
      return package_folder(given.front());
    }
    if (!is_name(term->callee, {"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"})) {
      return std::nullopt;
    }
    fs::path path;
    for (const Value& part : given) {
      const auto text = path_in(part);
      if (!text) return std::nullopt;
      path /= *text;
    }
    return path.string();
  }
  const auto path = path_in(*term->object);
  if (!path || text_in(*term->object) != nullptr) return std::nullopt;
  if (is_name(term->callee, {"resolve", "absolute", "expanduser"})) return path;
  if (given.size() != 1 || text_in(given.front()) == nullptr) return std::nullopt;
  const std::string& one = *text_in(given.front());
  if (term->callee == "joinpath") return (fs::path(*path) / one).string();
  if (term->callee == "with_suffix") return fs::path(*path).replace_extension(one).string();
  if (term->callee == "with_name") return fs::path(*path).replace_filename(one).string();
  return std::nullopt;
}

std::optional<Value> file_call(const Term& call, const std::vector<std::string>& roots) {
  const auto& given = call.arguments.positional;
  const auto argument = [&](std::size_t at, std::string_view name) {
    const Value* named = call.arguments.find(name);
    return named != nullptr ? named : at < given.size() ? &given[at] : nullptr;
  };
  if (!call.object) {
    const std::string_view resource = resource_function(call.callee);
    if ((resource == "read_text" || resource == "open_text") && given.size() >= 2) {
      const auto folder = package_folder(given[0]);
      const auto* name = text_in(given[1]);
      const auto path =
          folder && name != nullptr ? std::optional(*folder + "/" + *name) : std::nullopt;
      const Value file = open_file(path, call, nullptr, roots);
      const std::string* text = content_of(file);
      return resource == "open_text" || text == nullptr ? file : Value(*text);
    }
    if (!is_name(call.callee, {"builtins.open", "io.open", "codecs.open"}) || given.empty()) {
      return std::nullopt;
    }
    return open_file(path_in(given.front()), call, argument(1, "mode"), roots);
  }
  if (const std::string* text = content_of(*call.object)) {
    if (call.callee == "read") return Value(*text);
    if (call.callee == "readlines") return python::list_of(lines_of(*text));
    if (call.callee == "close") return Value();
    return python::unknown("what a file holds", call.place);
  }
  const auto path = path_in(*call.object);
  if (!path || text_in(*call.object) != nullptr) return std::nullopt;
  if (call.callee == "open") return open_file(path, call, argument(0, "mode"), roots);
  if (call.callee == "read_text") {
    const Value file = open_file(path, call, nullptr, roots);
    const std::string* text = content_of(file);
    return text == nullptr ? file : Value(*text);
  }
  if (is_name(call.callee,
              {"exists", "is_file", "is_dir", "read_bytes", "glob", "rglob", "iterdir"})) {
    return python::unknown("what is in a folder", call.place);
  }
  return std::nullopt;
}

std::optional<std::vector<Value>> file_lines(const Value& value) {
  const std::string* text = content_of(value);
  return text == nullptr ? std::nullopt : std::optional(lines_of(*text));
}

}  // namespace driftd::alembic
