#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

std::shared_ptr<Module> Interpreter::module(const std::string& name, const Place& place) {
  if (const auto known = modules_.find(name); known != modules_.end()) return known->second;
  // The packages around a module run before it; of a migration they are of no interest.
  if (const auto dot = name.rfind('.'); dot != std::string::npos && host_.reads_class_bodies()) {
    module(name.substr(0, dot), place);
    if (const auto by_now = modules_.find(name); by_now != modules_.end()) return by_now->second;
  }
  const auto given = host_.module_source(name, place);
  if (!given) return nullptr;
  if (host_.reads_class_bodies()) {
    // Found by another name before: the application imports a file by one of its names only.
    for (const auto& [other, loaded] : modules_) {
      if (loaded->file == given->file) return modules_[name] = loaded;
    }
  }
  return load(name, given->file, given->text);
}

void Interpreter::import_name(const std::string& dotted, const std::string& alias,
                              const Node& node) {
  // `import a.b.c` runs a, a.b and a.b.c; it binds a, or with `as` the last.
  std::shared_ptr<Module> first;
  std::shared_ptr<Module> last;
  for (std::size_t end = 0; end != std::string::npos;) {
    end = dotted.find('.', end == 0 ? 0 : end + 1);
    last = module(dotted.substr(0, end), place(node));
    if (!first) first = last;
  }
  const std::string head = dotted.substr(0, dotted.find('.'));
  const auto value = [](const std::shared_ptr<Module>& loaded, const std::string& name) -> Value {
    if (loaded) return loaded;
    return Symbol{name};
  };
  if (!alias.empty()) {
    bind(alias, value(last, dotted), place(node));
  } else {
    const auto root = modules_.find(head);
    bind(head, value(root == modules_.end() ? nullptr : root->second, head), place(node));
  }
}

void Interpreter::import(const Node& node) {
  for (const Node* name : node.children) {
    if (name->field != "name") continue;
    if (name->kind == Kind::AliasedImport) {
      import_name(std::string(source(*name->child("name"))),
                  std::string(source(*name->child("alias"))), node);
    } else {
      import_name(std::string(source(*name)), {}, node);
    }
  }
}

std::string Interpreter::resolved(const Node& module_name) {
  if (module_name.kind != Kind::RelativeImport) return std::string(source(module_name));
  // One dot is the package of this module, each further one the package around it.
  std::string package = current_module()->name;
  const std::string_view written = source(module_name);
  const std::size_t dots = std::min(written.find_first_not_of('.'), written.size());
  const bool is_package = current_module()->file.ends_with("/__init__.py");
  for (std::size_t i = is_package ? 1 : 0; i < dots; ++i) {
    const auto dot = package.rfind('.');
    if (dot == std::string::npos && i + 1 < dots) {
      raise("ImportError", "attempted relative import beyond top-level package",
            place(module_name));
    }
    package.resize(dot == std::string::npos ? 0 : dot);
  }
  const std::string rest(written.substr(dots));
  return package.empty() ? rest : rest.empty() ? package : package + "." + rest;
}

void Interpreter::import_all(const std::string& from, const Node& node) {
  const auto loaded = module(from, place(node));
  if (!loaded) {
    current_module()->scope->star_imports.push_back(from);
    return;
  }
  const auto names = loaded->scope->names;
  std::vector<Value> listed;
  const auto all = names.find("__all__");
  if (all != names.end()) {
    if (all->second.poison) throw Error(*all->second.poison);
    listed = items(all->second.value, place(node));
  }
  for (const auto& [name, binding] : names) {
    const bool public_name =
        all == names.end()
            ? !name.starts_with('_')
            : std::any_of(listed.begin(), listed.end(), [&, key = name](const Value& one) {
                const std::string* text = as_text(one);
                return text != nullptr && *text == key;
              });
    if (public_name) frame_->scope->names[name] = binding;
  }
  auto& stars = current_module()->scope->star_imports;
  const auto& more = loaded->scope->star_imports;
  stars.insert(stars.end(), more.begin(), more.end());
}

void Interpreter::import_from(const Node& node) {
  const std::string from = resolved(*node.child("module_name"));
  const auto loaded = from.empty() ? nullptr : module(from, place(node));
  for (const Node* name : node.children) {
    if (name->kind == Kind::Wildcard) import_all(from, node);
    if (name->field != "name") continue;
    const bool aliased = name->kind == Kind::AliasedImport;
    const std::string imported(source(aliased ? *name->child("name") : *name));
    const std::string alias(source(aliased ? *name->child("alias") : *name));
    if (host_.stays_symbol(from + "." + imported)) {
      bind(alias, Symbol{from + "." + imported}, place(node));
      continue;
    }
    if (loaded) {
      const auto& names = loaded->scope->names;
      if (const auto found = names.find(imported); found != names.end()) {
        // A poisoned name is poison here too, and no reason to fail where nobody uses it.
        bind(alias, found->second.value, place(node));
        frame_->scope->names[alias].poison = found->second.poison;
        continue;
      }
      if (const auto inner = module(from + "." + imported, place(node))) {
        bind(alias, inner, place(node));
        continue;
      }
      const auto& stars = loaded->scope->star_imports;
      if (stars.size() == 1) {
        bind(alias, attribute(Symbol{stars.front()}, imported, place(node)), place(node));
        continue;
      }
      raise("ImportError", fmt::format("cannot import name '{}' from '{}'", imported, from),
            place(node));
    }
    const std::string path = from.empty() ? imported : from + "." + imported;
    if (const auto inner = module(path, place(node))) {
      bind(alias, inner, place(node));
    } else if (from.empty()) {
      bind(alias, Symbol{imported}, place(node));
    } else {
      bind(alias, attribute(Symbol{from}, imported, place(node)), place(node));
    }
  }
}

}  // namespace driftd::python
