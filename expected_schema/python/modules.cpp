#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "expected_schema/base/text.h"
#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/parameters.h"

/// The parts of Python's standard library that only compute, and that migrations use.
namespace driftd::python {
namespace {

std::string joined_path(const std::string& first, const std::string& second) {
  if (second.starts_with('/') || first.empty()) return second;
  return first.ends_with('/') ? first + second : first + "/" + second;
}

Value path_join(Interpreter& it, Arguments arguments, const Place& place) {
  std::string path;
  bool first = true;
  for (const Value& value : arguments.positional) {
    const std::string* part = as_text(value);
    if (const Why why = part == nullptr ? it.unknown_of(value, place) : nullptr)
      it.need(why, place);
    if (part == nullptr) refuse(place, fmt::format("cannot tell `{}` as a path", describe(value)));
    it.charge(path.size() + part->size(), place);
    path = std::exchange(first, false) ? *part : joined_path(path, *part);
  }
  return path;
}

Value dirname(Interpreter& it, Arguments arguments, const Place& place) {
  const std::string path = Given(it, "dirname", arguments, {"p"}, place).text(0);
  std::string head = path.substr(0, path.rfind('/') + 1);
  if (head.find_first_not_of('/') != std::string::npos) head.resize(head.find_last_not_of('/') + 1);
  return head;
}

Value basename(Interpreter& it, Arguments arguments, const Place& place) {
  const std::string path = Given(it, "basename", arguments, {"p"}, place).text(0);
  return path.substr(path.rfind('/') + 1);
}

Value abspath(Interpreter& it, Arguments arguments, const Place& place) {
  const std::string path = Given(it, "abspath", arguments, {"path"}, place).text(0);
  std::string normal = std::filesystem::path(path).lexically_normal().string();
  if (normal.empty()) normal = ".";
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

Value dedent(Interpreter& it, Arguments arguments, const Place& place) {
  const std::string text = Given(it, "dedent", arguments, {"text"}, place).text(0);
  std::vector<std::string> lines = split(text, '\n');
  std::optional<std::string> margin;
  for (std::string& line : lines) {
    const std::size_t indent = line.find_first_not_of(" \t");
    if (indent == std::string::npos) {
      line.clear();
      continue;
    }
    const std::string own = line.substr(0, indent);
    if (!margin) margin = own;
    const auto differ = std::mismatch(margin->begin(), margin->end(), own.begin(), own.end());
    margin->erase(differ.first, margin->end());
  }
  for (std::string& line : lines) {
    if (margin && !line.empty()) line.erase(0, margin->size());
  }
  it.charge(text.size(), place);
  return join(lines, "\n");
}

Value chain(Interpreter& it, Arguments arguments, const Place& place) {
  std::vector<Value> all;
  for (const Value& one : arguments.positional) {
    for (Value& item : it.items(one, place)) all.push_back(std::move(item));
  }
  return it.iterator(it.iterate(list_of(std::move(all)), place));
}

Value partial(Interpreter& it, Arguments arguments, const Place& place) {
  if (arguments.positional.empty()) it.raise("TypeError", "partial expected a function", place);
  const Value function = arguments.positional.front();
  arguments.positional.erase(arguments.positional.begin());
  return native("partial", [function, kept = std::move(arguments)](
                               Interpreter& inner, Arguments more, const Place& at) {
    Arguments all = kept;
    for (Value& value : more.positional) all.positional.push_back(std::move(value));
    for (auto& [name, value] : more.keyword) {
      const auto same = [&, key = name](const auto& pair) { return pair.first == key; };
      std::erase_if(all.keyword, same);
      all.keyword.emplace_back(name, std::move(value));
    }
    return inner.call(function, std::move(all), at);
  });
}

Value default_dict(Interpreter& it, Arguments arguments, const Place& place) {
  auto made = it.make_instance(it.builtin_class("dict"));
  if (!arguments.positional.empty()) {
    made->set("default_factory", arguments.positional.front());
    arguments.positional.erase(arguments.positional.begin());
  }
  made->payload = it.call(it.builtin("dict"), std::move(arguments), place);
  return made;
}

Value product(Interpreter& it, Arguments arguments, const Place& place) {
  std::vector<std::vector<Value>> rows{{}};
  for (const Value& one : arguments.positional) {
    const std::vector<Value> items = it.items(one, place);
    std::vector<std::vector<Value>> longer;
    for (const auto& row : rows) {
      for (const Value& item : items) {
        it.charge((row.size() + 1) * sizeof(Value), place);
        longer.push_back(row);
        longer.back().push_back(item);
      }
    }
    rows = std::move(longer);
  }
  std::vector<Value> all;
  for (auto& row : rows) all.push_back(tuple_of(std::move(row)));
  return it.iterator(it.iterate(list_of(std::move(all)), place));
}

Value deep_copy(Interpreter& it, const Value& value, int depth, const Place& place) {
  it.step(place);
  if (depth > 100) refuse(place, "values nested too deeply for copy.deepcopy");
  const auto copies = [&](const std::vector<Value>& items) {
    it.charge((items.size() + 1) * sizeof(Value), place);
    std::vector<Value> all;
    for (const Value& item : items) all.push_back(deep_copy(it, item, depth + 1, place));
    return all;
  };
  if (const auto* list = value.get_if<List>()) return list_of(copies(**list));
  if (const auto* tuple = value.get_if<Tuple>()) return tuple_of(copies(*tuple->items));
  if (const auto* set = value.get_if<Set>()) {
    return Set{std::make_shared<std::vector<Value>>(copies(*set->items))};
  }
  if (const auto* dict = value.get_if<Dict>()) {
    it.charge((*dict)->size() * 2 * sizeof(Value), place);
    auto copy = std::make_shared<Dict::element_type>();
    for (const auto& [key, item] : **dict) {
      copy->emplace_back(key, deep_copy(it, item, depth + 1, place));
    }
    return copy;
  }
  if (value.get_if<std::shared_ptr<Instance>>() != nullptr || is_symbolic(value)) {
    if (const Why why = is_symbolic(value) ? it.unknown_of(value, place) : nullptr)
      it.need(why, place);
    refuse(place, fmt::format("a copy of `{}` is not supported", describe(value)));
  }
  return value;
}

/// itertools.takewhile and dropwhile.
Value while_true(Interpreter& it, const Arguments& arguments, bool take, const Place& place) {
  const Given given(it, take ? "takewhile" : "dropwhile", arguments, {"predicate", "iterable"},
                    place);
  std::vector<Value> kept;
  bool holds = true;
  for (const Value& item : it.items(given[1], place)) {
    holds = holds && it.truth(it.call(given[0], {{item}, {}}, place), place);
    if (take && !holds) break;
    if (take || !holds) kept.push_back(item);
  }
  return it.iterator(it.iterate(list_of(std::move(kept)), place));
}

/// itertools.groupby, whose groups are whole here.
Value group_by(Interpreter& it, const Arguments& arguments, const Place& place) {
  const Given given(it, "groupby", arguments, {"iterable", "key?"}, place);
  std::vector<Value> groups;
  std::optional<Value> key;
  std::vector<Value> group;
  const auto close = [&] {
    if (!key) return;
    const Value members = it.iterator(it.iterate(list_of(std::exchange(group, {})), place));
    groups.push_back(tuple_of({*key, members}));
  };
  for (const Value& item : it.items(given[0], place)) {
    const bool plain = !given.has(1) || given[1].is_none();
    Value now = plain ? item : it.call(given[1], {{item}, {}}, place);
    const auto same = key ? it.equal(*key, now, place) : std::optional(false);
    if (const Why why = !same ? unknown_in(now) : nullptr) it.need(why, place);
    if (!same) refuse(place, "cannot tell whether two keys of groupby are equal");
    if (!*same) {
      close();
      key = std::move(now);
    }
    it.charge(sizeof(Value), place);
    group.push_back(item);
  }
  close();
  return it.iterator(it.iterate(list_of(std::move(groups)), place));
}

const std::map<std::string, Native, std::less<>>& functions() {
  static const std::map<std::string, Native, std::less<>> table = [] {
    std::map<std::string, Native, std::less<>> all = {
        {"os.path.join", path_join},
        {"os.path.dirname", dirname},
        {"os.path.basename", basename},
        {"os.path.abspath", abspath},
        {"os.path.realpath", abspath},
        {"os.path.normpath", abspath},
        {"textwrap.dedent", dedent},
        {"itertools.chain", chain},
        {"itertools.chain.from_iterable",
         [](Interpreter& it, Arguments arguments, const Place& place) {
           const Given given(it, "from_iterable", arguments, {"iterable"}, place);
           return chain(it, {it.items(given[0], place), {}}, place);
         }},
        {"itertools.product", product},
        {"itertools.groupby", [](Interpreter& it, Arguments arguments,
                                 const Place& place) { return group_by(it, arguments, place); }},
        {"itertools.takewhile",
         [](Interpreter& it, Arguments arguments, const Place& place) {
           return while_true(it, arguments, true, place);
         }},
        {"itertools.dropwhile",
         [](Interpreter& it, Arguments arguments, const Place& place) {
           return while_true(it, arguments, false, place);
         }},
        {"functools.partial", partial},
        {"collections.OrderedDict",
         [](Interpreter& it, Arguments arguments, const Place& place) {
           return it.call(it.builtin("dict"), std::move(arguments), place);
         }},
        {"collections.defaultdict", default_dict},
        {"importlib.import_module",
         [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
           const std::string& name = Given(it, "import_module", arguments, {"name"}, place).text(0);
           if (const auto loaded = it.module(name, place)) return loaded;
           return Symbol{name};
         }},
        {"typing.cast",
         [](Interpreter& it, Arguments arguments, const Place& place) {
           return Given(it, "cast", arguments, {"typ", "val"}, place)[1];
         }},
        {"copy.deepcopy",
         [](Interpreter& it, Arguments arguments, const Place& place) {
           return deep_copy(it, Given(it, "deepcopy", arguments, {"x"}, place)[0], 0, place);
         }},
        {"copy.copy",
         [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
           const Given given(it, "copy", arguments, {"x"}, place);
           const Value& value = given[0];
           if (value.get_if<List>() != nullptr || value.get_if<Dict>() != nullptr ||
               value.get_if<Set>() != nullptr) {
             return it.call_method(value, "copy", {}, place);
           }
           if (value.get_if<std::shared_ptr<Instance>>() != nullptr || is_symbolic(value)) {
             if (const Why why = is_symbolic(value) ? it.unknown_of(value, place) : nullptr)
               it.need(why, place);
             refuse(place, fmt::format("a copy of `{}` is not supported", describe(value)));
           }
           return value;
         }},
    };
    add_regex(all);
    add_json(all);
    return all;
  }();
  return table;
}

}  // namespace

const Native* Interpreter::library_function(const std::string& path) const {
  const auto found = functions().find(path);
  return found == functions().end() ? nullptr : &found->second;
}

std::optional<Value> Interpreter::library_constant(const std::string& path) const {
  if (path == "typing.TYPE_CHECKING" || path == "typing_extensions.TYPE_CHECKING")
    return Value(false);
  if (path == "os.name") return Value(std::string("posix"));
  if (path == "os.linesep") return Value(std::string("\n"));
  if (path == "os.sep" || path == "os.path.sep") return Value(std::string("/"));
  return std::nullopt;
}

}  // namespace driftd::python
