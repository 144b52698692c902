#include "expected_schema/alembic/naming_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <regex>
#include <set>

#include "expected_schema/alembic/modules.h"
#include "expected_schema/alembic/naming_dict.h"
#include "expected_schema/alembic/naming_tokens.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"
#include "expected_schema/python/evaluator.h"

namespace driftd::alembic {

namespace fs = std::filesystem;
using python::Value;

namespace {

constexpr std::string_view kWord = "naming_convention";
constexpr std::size_t kMostFiles = 5000;

/// The folders that a module of the application may be found from.
std::vector<fs::path> import_roots(const ScriptDirectory& directory) {
  std::vector<fs::path> roots;
  if (!directory.ini.empty()) {
    const fs::path here = fs::absolute(directory.ini).lexically_normal().parent_path();
    roots = {here, here / "src"};
  }
  fs::path at = fs::absolute(directory.directory).lexically_normal();
  for (int up = 0; up < 8 && at.has_relative_path(); ++up, at = at.parent_path()) {
    roots.push_back(at);
  }
  return roots;
}

/// The Python files beside alembic.ini that are no revision files and no foreign library.
void walk(const fs::path& folder, const std::set<std::string>& without, std::vector<fs::path>& out,
          int depth) {
  static constexpr std::array<std::string_view, 6> foreign{
      "node_modules", "site-packages", "dist-packages", "venv", "env", "__pycache__"};
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (out.size() >= kMostFiles) return;
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || entry.is_symlink(failed)) continue;
    if (entry.is_directory(failed)) {
      const bool skip = std::find(foreign.begin(), foreign.end(), name) != foreign.end() ||
                        without.contains(entry.path().lexically_normal().string());
      if (!skip && depth < 12) walk(entry.path(), without, out, depth + 1);
    } else if (name.ends_with(".py")) {
      out.push_back(entry.path());
    }
  }
}

/// Where the word stands in the text, outside of comments; 0: nowhere. `used`: other than as the
/// name of a module's constant or in an import.
int line_of(const std::string& text, bool used) {
  static const std::regex constant("^(naming_convention|NAMING_CONVENTION)\\s*(:[^=]*)?=[^=]");
  static const std::regex other("(^|[^A-Za-z0-9_])naming_convention([^A-Za-z0-9_]|$)");
  int number = 0;
  for (const std::string& raw : split(text, '\n')) {
    ++number;
    const std::string line = raw.substr(0, raw.find('#'));
    if (line.find(kWord) == std::string::npos || !std::regex_search(line, other)) continue;
    const std::string_view start = trim(line);
    const bool plain = std::regex_search(line, constant) || start.starts_with("from ") ||
                       start.starts_with("import ");
    if (!used || !plain) return number;
  }
  return 0;
}

/// Notes the conventions that a module gives to what it makes; knows nothing else.
class Reader : public python::Host {
 public:
  explicit Reader(std::vector<fs::path> roots) : roots_(std::move(roots)) {}

  std::optional<Source> module_source(const std::string& module, const Place& place) override {
    const auto file = module_file(module, fs::path(place.file).parent_path(), roots_);
    const auto text = file ? module_text(*file) : std::nullopt;
    // Only a module of constants can help; others would be evaluated for nothing.
    if (!text || text->find("_name)s") == std::string::npos) return std::nullopt;
    return Source{file->string(), *text};
  }

  std::optional<Value> call(python::Evaluator&, const python::Term& call) override {
    const Value* given = call.arguments.find(kWord);
    if (given != nullptr && !given->is_none()) note(*given);
    if (call.object && call.object->get_if<std::shared_ptr<python::Class>>() != nullptr) {
      return python::unknown("an object of " + call.callee, call.place);
    }
    return std::nullopt;
  }

  bool takes_assignment(const Value&, const std::string&, const Value&) override { return true; }

  void note(const Value& value) {
    auto convention = convention_of(value);
    if (!convention) {
      unreadable_ = true;
    } else {
      found_.push_back(std::move(*convention));
    }
  }

  bool unreadable() const { return unreadable_; }
  const std::vector<Convention>& found() const { return found_; }

 private:
  std::vector<fs::path> roots_;
  std::vector<Convention> found_;
  bool unreadable_ = false;
};

/// The name that relative imports of the file begin from.
std::string module_name(const fs::path& file) {
  std::string name = file.stem().string();
  fs::path folder = file.parent_path();
  std::error_code ignored;
  do {
    name.insert(0, folder.filename().string() + ".");
    folder = folder.parent_path();
  } while (folder.has_relative_path() && fs::is_regular_file(folder / "__init__.py", ignored));
  return name;
}

/// The conventions that a file sets, and what can call their functions.
struct Read {
  std::vector<Convention> conventions;
  std::shared_ptr<const NamingTokens> tokens;
};

/// Nothing where one of them cannot be read.
std::optional<Read> read_conventions(const fs::path& file, const std::string& text,
                                     const std::vector<fs::path>& roots) {
  const auto host = std::make_shared<Reader>(roots);
  Reader& reader = *host;
  const auto owner = std::make_shared<python::Evaluator>(reader);
  python::Evaluator& evaluator = *owner;
  static const std::regex assigned("\\.naming_convention\\s*=\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*$");
  std::size_t uses = 0;
  try {
    const auto module = evaluator.load(module_name(file), file.string(), text);
    for (const std::string& line : split(text, '\n')) {
      std::smatch match;
      if (!std::regex_search(line, match, assigned)) continue;
      const auto value = evaluator.global(*module, match[1].str());
      if (!value) return std::nullopt;
      reader.note(*value);
    }
  } catch (const Error&) {
    // What was made before it failed has been noted.
  }
  static const std::regex given("(^|[^A-Za-z0-9_])naming_convention\\s*=");
  static const std::regex constant("^naming_convention\\s*(:[^=]*)?=[^=]");
  for (const std::string& raw : split(text, '\n')) {
    const std::string line = raw.substr(0, raw.find('#'));
    if (std::regex_search(line, given) && !std::regex_search(line, constant)) ++uses;
  }
  if (reader.unreadable() || reader.found().empty() || reader.found().size() < uses) {
    return std::nullopt;
  }
  const bool plain = std::ranges::all_of(
      reader.found(), [](const Convention& one) { return one.functions.empty(); });
  return Read{reader.found(), plain ? nullptr : std::make_shared<NamingTokens>(host, owner)};
}

/// Whether the files make other metadata than those that have a convention: which of them env.py
/// gives to Alembic is then not ours to say.
bool others_made(const std::vector<fs::path>& files, std::size_t with_convention) {
  static const std::regex metadata("(^|[^A-Za-z0-9_])MetaData\\s*\\(");
  static const std::regex base("(\\(\\s*DeclarativeBase\\s*[,)]|declarative_base\\s*\\()");
  std::size_t made = 0;
  std::size_t bases = 0;
  for (const fs::path& file : files) {
    for (const std::string& raw : split(module_text(file).value_or(""), '\n')) {
      const std::string line = raw.substr(0, raw.find('#'));
      if (std::regex_search(line, metadata)) ++made;
      if (std::regex_search(line, base)) ++bases;
    }
  }
  return made > with_convention || bases > with_convention;
}

/// Whether env.py gives Alembic any metadata.
bool has_metadata(const std::string& env) {
  static const std::regex none("^\\s*target_metadata\\s*(:[^=]*)?=\\s*None\\s*(#.*)?$");
  // Of a list of metadata Alembic takes no convention.
  static const std::regex list("^\\s*target_metadata\\s*(:[^=]*)?=\\s*[\\[(]");
  bool set = false;
  bool other = false;
  for (const std::string& line : split(env, '\n')) {
    const std::string_view start = trim(line);
    if (start.starts_with('#') || line.find("target_metadata") == std::string::npos) continue;
    if (std::regex_search(line, none) || std::regex_search(line, list)) {
      set = true;
    } else if (line.find("target_metadata=target_metadata") == std::string::npos) {
      other = true;
    }
  }
  return other || (!set && env.find("target_metadata") != std::string::npos) ||
         env.find("**") != std::string::npos;
}

}  // namespace

FoundNaming find_naming(const ScriptDirectory& directory) {
  FoundNaming result;
  const fs::path env = fs::path(directory.directory) / "env.py";
  const auto env_text = module_text(env);
  if (!env_text || !has_metadata(*env_text)) return result;
  const std::vector<fs::path> roots = import_roots(directory);

  std::vector<Convention> found;
  std::shared_ptr<const NamingTokens> tokens;  // of the first
  Place first;
  const auto read = [&](const std::vector<fs::path>& files, bool imported) {
    for (const fs::path& file : files) {
      const auto text = module_text(file);
      if (!text) continue;
      const bool speaks = line_of(*text, false) != 0;
      // What is imported may come to speak of one.
      if (speaks || imported) result.files.push_back(file.string());
      if (!speaks) continue;
      if (first.file.empty()) first = {file.string(), line_of(*text, false), 0};
      const int line = line_of(*text, true);
      if (line == 0) continue;
      const auto read_of = imported ? read_conventions(file, *text, roots) : std::nullopt;
      const auto* conventions = read_of ? &read_of->conventions : nullptr;
      const bool differs =
          conventions != nullptr &&
          std::any_of(conventions->begin(), conventions->end(), [&](const auto& c) {
            return c != (found.empty() ? conventions->front() : found.front());
          });
      if (conventions == nullptr || differs) {
        result.naming = NamingConvention(Place{file.string(), line, 0});
        return;
      }
      if (found.empty()) tokens = read_of->tokens;
      found.insert(found.end(), conventions->begin(), conventions->end());
    }
  };
  const std::vector<fs::path> files = reached_modules({env}, roots);
  read(files, true);
  if (!result.naming.readable()) return result;
  if (found.empty() && !directory.ini.empty()) {
    // env.py may come to its metadata by a way that is not seen.
    const fs::path here = fs::absolute(directory.ini).lexically_normal().parent_path();
    std::set<std::string> without;
    for (const std::string& folder : directory.version_locations) {
      without.insert(fs::path(folder).lexically_normal().string());
    }
    std::vector<fs::path> beside;
    if (here.has_relative_path()) walk(here, without, beside, 0);
    read(beside, false);
    return result;
  }
  if (found.empty()) return result;
  result.naming =
      others_made(files, found.size()) ? NamingConvention(first) : made_of(found.front(), tokens);
  return result;
}

}  // namespace driftd::alembic
