#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "expected_schema/alembic/modules.h"
#include "expected_schema/alembic/naming_dict.h"
#include "expected_schema/alembic/packages.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"
#include "expected_schema/models/ddl.h"
#include "expected_schema/models/host.h"
#include "expected_schema/models/mapper.h"
#include "expected_schema/models/models.h"
#include "expected_schema/models/statement_text.h"

namespace driftd {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 5000;

bool is_module_name(const std::string& stem) {
  return !stem.empty() && !(stem.front() >= '0' && stem.front() <= '9') &&
         std::ranges::all_of(stem, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

/// Tests and migrations declare nothing that the application has.
bool is_beside_the_models(const std::string& name) {
  return name.starts_with('.') || name == "__pycache__" || name == "tests" || name == "test" ||
         name == "node_modules" || name == "site-packages" || name == "venv" || name == "alembic" ||
         name == "migrations" || name.starts_with("test_") || name == "conftest.py";
}

void walk(const fs::path& folder, std::vector<fs::path>& out, int depth) {
  std::error_code failed;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder, failed)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  for (const fs::path& path : entries) {
    const std::string name = path.filename().string();
    if (is_beside_the_models(name) || fs::is_symlink(path, failed)) continue;
    if (fs::is_directory(path, failed)) {
      if (depth < 20 && is_module_name(name)) walk(path, out, depth + 1);
    } else if (path.extension() == ".py" && is_module_name(path.stem().string())) {
      if (out.size() < kMostFiles) out.push_back(path);
    }
  }
}

fs::path whole(const std::string& path) {
  fs::path made = fs::absolute(path).lexically_normal();
  return made.has_filename() ? made : made.parent_path();
}

/// The first folder above a file that is no package itself.
fs::path import_root(const fs::path& path, bool directory) {
  std::error_code ignored;
  fs::path at = directory ? path : path.parent_path();
  while (at.has_relative_path() && fs::is_regular_file(at / "__init__.py", ignored) &&
         is_module_name(at.filename().string())) {
    at = at.parent_path();
  }
  // A folder of models without an __init__.py is a package all the same.
  return directory && at == path && at.has_relative_path() ? at.parent_path() : at;
}

/// The first words of the modules that a file imports by their whole names.
void add_imported(const fs::path& file, std::set<std::string>& names) {
  const auto text = alembic::module_text(file);
  if (!text) return;
  for (const std::string& line : split(*text, '\n')) {
    const auto start = trim(line);
    for (const std::string_view word : {"from ", "import "}) {
      if (!start.starts_with(word)) continue;
      const auto rest = trim(start.substr(word.size()));
      names.emplace(rest.substr(0, rest.find_first_of(". ,;")));
    }
  }
}

/// Of the folders between the root and a file, the first by which the files name themselves: the
/// imports begin around it, although folders further up are packages, too.
fs::path named_root(const fs::path& root, const fs::path& at, const std::vector<fs::path>& files) {
  constexpr std::size_t enough = 50;
  std::set<std::string> imported;
  for (std::size_t i = 0; i < files.size() && i < enough; ++i) add_imported(files[i], imported);
  fs::path around = root;
  for (const fs::path& part : at.lexically_relative(root)) {
    // A folder may be called as a library is: `app/storage/sqlalchemy`.
    const bool own = !alembic::is_known_by_name(part.string());
    if (own && imported.contains(part.string())) return around;
    around /= part;
  }
  return root;
}

std::string module_name(const fs::path& file, const fs::path& root) {
  fs::path relative = file.lexically_relative(root);
  relative.replace_extension();
  if (relative.filename() == "__init__") relative = relative.parent_path();
  std::vector<std::string> parts;
  for (const fs::path& part : relative) parts.push_back(part.string());
  return join(parts, ".");
}

struct Found {
  std::vector<fs::path> files;
  std::vector<fs::path> root_of;  ///< for each file, where its module's name begins
  std::vector<std::string> roots;
  fs::path root;
};

Found find_files(const ModelSource& source) {
  Found found;
  std::error_code ignored;
  for (const std::string& given : source.paths) {
    const fs::path path = whole(given);
    const bool directory = fs::is_directory(path, ignored);
    if (!directory && !fs::is_regular_file(path, ignored)) {
      throw Error(Reason::Settings, fmt::format("there are no models at {}", given),
                  "models.path names Python files, or packages.");
    }
    const std::size_t before = found.files.size();
    if (directory) {
      walk(path, found.files, 0);
    } else {
      found.files.push_back(path);
    }
    // What stands elsewhere is found from where its own imports begin.
    const fs::path own =
        named_root(import_root(path, directory), path,
                   {found.files.begin() + static_cast<std::ptrdiff_t>(before), found.files.end()});
    if (found.root.empty()) found.root = source.root.empty() ? own : whole(source.root);
    for (std::size_t i = before; i < found.files.size(); ++i) {
      const bool below = !found.files[i].lexically_relative(found.root).string().starts_with("..");
      found.root_of.push_back(below ? found.root : own);
    }
  }
  found.roots.push_back(found.root.string());
  found.roots.push_back((found.root / "src").string());
  // `from app.models import ...` where the files stand in a package that is not marked as one.
  fs::path above = found.root.parent_path();
  for (int up = 0; up < 2 && above.has_relative_path(); ++up, above = above.parent_path()) {
    found.roots.push_back(above.string());
  }
  for (const fs::path& root : found.root_of) {
    if (std::ranges::find(found.roots, root.string()) == found.roots.end()) {
      found.roots.push_back(root.string());
    }
  }
  return found;
}

struct ModuleFile {
  std::string name;
  fs::path file;
};

std::vector<ModuleFile> modules_of(const Found& found) {
  std::vector<ModuleFile> modules;
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    const fs::path& file = found.files[i];
    const std::string name = module_name(file, found.root_of[i]);
    const auto text = alembic::module_text(file);
    const bool names = std::ranges::all_of(split(name, '.'), is_module_name);
    // A revision file declares what was, and not what is.
    if (text && names && text->find("\ndown_revision") == std::string::npos) {
      modules.push_back({name, file});
    }
  }
  return modules;
}

/// A file whose module goes by the name of another one is not read.
void note_hidden(const std::vector<ModuleFile>& modules, const std::vector<std::string>& read,
                 std::vector<models::Unread>& unread) {
  std::set<std::string> files;
  std::error_code ignored;
  for (const std::string& file : read) files.insert(fs::weakly_canonical(file, ignored).string());
  for (const ModuleFile& module : modules) {
    if (files.contains(fs::weakly_canonical(module.file, ignored).string())) continue;
    if (!models::may_declare(alembic::module_text(module.file).value_or(""))) continue;
    unread.push_back(
        {{},
         {},
         Error(Reason::NotUnderstood,
               fmt::format("the file is not read, since another one is the module {}", module.name),
               "models.root is the folder that imports begin in.", {module.file.string(), 1, 0})});
  }
}

struct Reading {
  std::shared_ptr<models::Host> host;
  std::shared_ptr<python::Evaluator> evaluator;
  std::set<std::string> failed_imports;  ///< modules in which one failed
};

Reading read_all(const std::vector<ModuleFile>& modules, const Found& found,
                 const std::vector<std::string>& packages, const alembic::Surroundings& around) {
  Reading reading;
  reading.host = std::make_shared<models::Host>(found.roots, packages, around);
  reading.evaluator = std::make_shared<python::Evaluator>(
      *reading.host,
      python::Bounds{.steps = 50'000'000, .depth = 200, .memory = 1024U * 1024U * 1024U});
  reading.host->evaluated_by(*reading.evaluator);
  std::string all;
  for (const ModuleFile& module : modules) all += "import " + module.name + "\n";
  reading.evaluator->load("driftd.models", found.root.string(), all);
  for (const models::Host::Failure& failure : reading.host->noted().failures) {
    if (failure.error.message().find("ImportError") == std::string::npos) continue;
    reading.failed_imports.insert(module_name(failure.place.file, found.root));
  }
  return reading;
}

}  // namespace

std::string ModelSource::shown() const {
  return join(paths.empty() ? command.words : paths, " ");
}

Models read_models(const ModelSource& source, const Declarations& declared) {
  const Found found = find_files(source);
  const std::vector<std::string> packages = package_folders(source.packages);
  alembic::Surroundings around;
  around.types = declared.types;
  around.environment = declared.environment;
  around.environment_complete = declared.environment_complete;
  around.import_roots = found.roots;
  std::vector<ModuleFile> modules = modules_of(found);
  Reading best = read_all(modules, found, packages, around);
  // Modules that import each other at their top can be imported in some orders only: the ones where
  // a name was not there yet come first then.
  for (int turn = 0; turn < 3 && !best.failed_imports.empty(); ++turn) {
    std::ranges::stable_partition(
        modules, [&](const ModuleFile& one) { return best.failed_imports.contains(one.name); });
    Reading other = read_all(modules, found, packages, around);
    if (other.failed_imports.size() >= best.failed_imports.size()) break;
    best = std::move(other);
  }
  const auto& host = best.host;
  models::Declared tables = models::declared_tables(*best.evaluator, host->noted());
  note_hidden(modules, host->noted().files, tables.unread);
  Models models = models::ddl_of(std::move(tables), host, best.evaluator, around);
  models.files = host->noted().files;
  std::ranges::sort(models.files);
  const auto last = std::ranges::unique(models.files);
  models.files.erase(last.begin(), last.end());
  if (models.tables.empty() && models.unread.empty()) {
    throw Error(Reason::NotUnderstood,
                fmt::format("the {} files at {} declare no table", found.files.size(),
                            join(source.paths, ", ")),
                "models.path names the files or packages with SQLAlchemy's models; models.root is "
                "the folder that imports begin in.");
  }
  return models;
}

Models models_of(const ModelSource& source, const Declarations& declared,
                 const std::stop_token& stop) {
  return source.paths.empty() ? print_models(source, declared.environment, stop)
                              : read_models(source, declared);
}

bool give_up_table(Models& models, const Error& refused) {
  const auto at = std::ranges::find_if(models.statements, [&](const ModelStatement& one) {
    const Place& place = one.statement.place;
    return !one.table.empty() && place.file == refused.place().file &&
           place.line == refused.place().line;
  });
  if (at == models.statements.end() || models.tables.empty()) return false;
  const std::string table = at->table;
  const auto of = std::ranges::find(models.tables, table, &ModelPlace::table);
  models.unread.push_back({table, of == models.tables.end() ? std::string() : of->model, refused});
  std::erase_if(models.tables, [&](const ModelPlace& one) { return one.table == table; });
  std::erase_if(models.statements, [&](const ModelStatement& one) {
    return one.table == table || one.referred == table;
  });
  return true;
}

}  // namespace driftd
