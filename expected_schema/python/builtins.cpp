#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "expected_schema/base/text.h"
#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/parameters.h"
#include "expected_schema/python/unicode.h"

namespace driftd::python {
namespace {

Arguments only(Value value) {
  Arguments arguments;
  arguments.positional.push_back(std::move(value));
  return arguments;
}

Value sorted(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "sorted", arguments, {"iterable", "key?", "reverse?"}, place);
  const Value list = list_of(it.items(given[0], place));
  it.sort(*list.get_if<List>(), given.has(1) ? given[1] : Value(),
          given.has(2) && it.truth(given[2], place), place);
  return list;
}

Value extreme(Interpreter& it, const Arguments& arguments, const Place& place, bool largest) {
  const Value* key = arguments.find("key");
  const Value* fallback = arguments.find("default");
  const std::vector<Value> all = arguments.positional.size() == 1
                                     ? it.items(arguments.positional[0], place)
                                     : arguments.positional;
  if (all.empty()) {
    if (fallback != nullptr) return *fallback;
    it.raise("ValueError", fmt::format("{}() arg is an empty sequence", largest ? "max" : "min"),
             place);
  }
  const auto rank = [&](const Value& value) {
    return key == nullptr || key->is_none() ? value : it.call(*key, only(value), place);
  };
  Value best = all.front();
  Value best_rank = rank(best);
  for (std::size_t i = 1; i < all.size(); ++i) {
    Value other = rank(all[i]);
    if (largest ? it.less(best_rank, other, place) : it.less(other, best_rank, place)) {
      best = all[i];
      best_rank = std::move(other);
    }
  }
  return best;
}

Value range(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "range", arguments, {"start", "stop?", "step?"}, place);
  std::int64_t start = given.has(1) ? given.integer(0) : 0;
  const std::int64_t stop = given.integer(given.has(1) ? 1 : 0);
  const std::int64_t step = given.has(2) ? given.integer(2) : 1;
  if (step == 0) it.raise("ValueError", "range() arg 3 must not be zero", place);
  std::vector<Value> all;
  for (; step > 0 ? start < stop : start > stop;) {
    it.charge(sizeof(Value), place);
    all.emplace_back(start);
    if (__builtin_add_overflow(start, step, &start)) break;
  }
  return list_of(std::move(all));
}

Value make_int(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "int", arguments, {"x?", "base?"}, place);
  if (!given.has(0)) return std::int64_t{0};
  if (const auto number = as_int(given[0])) return *number;
  if (const auto number = as_number(given[0])) {
    if (!(std::abs(*number) < 9e18)) refuse(place, "an integer beyond 64 bits is not supported");
    return static_cast<std::int64_t>(*number);
  }
  std::string_view digits = trim(given.text(0));
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  const std::int64_t wanted = given.has(1) ? given.integer(1) : 10;
  if (wanted < 2 || wanted > 36) refuse(place, "this base of int() is not supported");
  const int base = static_cast<int>(wanted);
  const bool prefixed = base != 10 && digits.find_first_of("xXoObB") != std::string_view::npos;
  if (prefixed || digits.find('_') != std::string_view::npos || !is_ascii(digits)) {
    refuse(place, fmt::format("int() of {} is not supported", repr(given[0])));
  }
  std::int64_t value = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (end.ec == std::errc::result_out_of_range) {
    refuse(place, "an integer beyond 64 bits is not supported");
  }
  if (end.ec != std::errc{} || end.ptr != digits.data() + digits.size()) {
    it.raise("ValueError",
             fmt::format("invalid literal for int() with base {}: {}", base, repr(given[0])),
             place);
  }
  return value;
}

Value make_float(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "float", arguments, {"x?"}, place);
  if (!given.has(0)) return 0.0;
  if (const auto number = as_number(given[0])) return *number;
  std::string_view text = trim(given.text(0));
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  if (text.find_first_of("_(") != std::string_view::npos || !is_ascii(text)) {
    refuse(place, fmt::format("float() of {} is not supported", repr(given[0])));
  }
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec == std::errc::result_out_of_range) refuse(place, "a number out of range");
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) {
    it.raise("ValueError", fmt::format("could not convert string to float: {}", repr(given[0])),
             place);
  }
  return value;
}

Value make_str(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "str", arguments, {"object?", "encoding?", "errors?"}, place);
  if (!given.has(0)) return std::string();
  const auto* bytes = given[0].get_if<Bytes>();
  if (given.has(1)) {
    if (bytes == nullptr) it.raise("TypeError", "decoding to str: need a bytes-like object", place);
    return it.call_method(given[0], "decode", only(given[1]), place);
  }
  return it.text(given[0], place);
}

Value make_dict(Interpreter& it, Arguments arguments, const Place& place) {
  const Value made = dict_of({});
  const Dict& dict = *made.get_if<Dict>();
  if (arguments.positional.size() > 1)
    it.raise("TypeError", "dict expected at most 1 argument", place);
  if (!arguments.positional.empty()) it.update(dict, arguments.positional[0], place);
  for (auto& [name, value] : arguments.keyword) it.set_key(dict, name, std::move(value), place);
  return made;
}

Value iterate_builtin(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "iter", arguments, {"object"}, place);
  const auto* instance = given[0].get_if<std::shared_ptr<Instance>>();
  if (instance != nullptr && (*instance)->next) return given[0];
  return it.iterator(it.iterate(given[0], place));
}

Value next_builtin(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "next", arguments, {"iterator", "default?"}, place);
  const auto* instance = given[0].get_if<std::shared_ptr<Instance>>();
  if (instance == nullptr || !(*instance)->next) {
    if (is_symbolic(given[0])) {
      if (const Why why = it.unknown_of(given[0], place)) it.need(why, place);
      refuse(place, fmt::format("cannot tell the items of `{}` without running the app",
                                describe(given[0])));
    }
    if (const Why why = unknown_in(given[0])) return derived(why);
    it.raise("TypeError", fmt::format("'{}' object is not an iterator", type_name(given[0])),
             place);
  }
  if (auto value = (*instance)->next()) return std::move(*value);
  if (given.has(1)) return given[1];
  it.raise("StopIteration", std::string(), place);
}

}  // namespace

void Interpreter::sort(const List& list, const Value& key, bool reverse, const Place& place) {
  std::vector<std::pair<Value, Value>> ranked;
  for (const Value& item : std::vector<Value>(*list)) {
    ranked.emplace_back(key.is_none() ? item : call(key, only(item), place), item);
  }
  // Merging by hand: std::sort may run past the ends when a class's `__lt__` is no order.
  const auto before = [&](const auto& a, const auto& b) {
    return reverse ? less(b.first, a.first, place) : less(a.first, b.first, place);
  };
  auto other = ranked;
  for (std::size_t width = 1; width < ranked.size(); width *= 2) {
    for (std::size_t low = 0; low < ranked.size(); low += 2 * width) {
      const std::size_t middle = std::min(low + width, ranked.size());
      const std::size_t high = std::min(low + 2 * width, ranked.size());
      std::size_t a = low;
      std::size_t b = middle;
      for (std::size_t at = low; at < high; ++at) {
        const bool right = a == middle || (b < high && before(ranked[b], ranked[a]));
        other[at] = ranked[right ? b++ : a++];
      }
    }
    ranked.swap(other);
  }
  list->clear();
  for (auto& [rank, item] : ranked) list->push_back(std::move(item));
}

void Interpreter::update(const Dict& dict, const Value& from, const Place& place) {
  if (const auto* other = unwrapped(from).get_if<Dict>()) {
    const auto pairs = **other;
    for (const auto& [key, value] : pairs) set_key(dict, key, value, place);
    return;
  }
  for (const Value& pair : items(from, place)) {
    std::vector<Value> two = items(pair, place);
    if (two.size() != 2) {
      raise("ValueError", "dictionary update sequence element has the wrong length; 2 is required",
            place);
    }
    set_key(dict, std::move(two[0]), std::move(two[1]), place);
  }
}

void Interpreter::add_types() {
  const auto add = [this](const std::string& name, Native construct, const char* base = nullptr) {
    auto type = make_class(name);
    type->builtin = true;
    type->construct = std::move(construct);
    if (base != nullptr) type->bases.push_back(builtin_class(base));
    builtins_[name] = type;
  };
  add("int", make_int);
  add("float", make_float);
  add("str", make_str);
  add("dict", make_dict);
  add("range", range);
  add(
      "bool",
      [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
        const Given given(it, "bool", arguments, {"x?"}, place);
        return given.has(0) && it.truth(given[0], place);
      },
      "int");
  add("bytes", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "bytes", arguments, {"source?", "encoding?"}, place);
    if (!given.has(0)) return Bytes{};
    if (given[0].get_if<Bytes>() != nullptr) return given[0];
    if (!given.has(1)) refuse(place, "this use of bytes() is not supported");
    return it.call_method(given[0], "encode", only(given[1]), place);
  });
  add("list", [](Interpreter& it, Arguments arguments, const Place& place) {
    const Given given(it, "list", arguments, {"iterable?"}, place);
    return list_of(given.has(0) ? it.items(given[0], place) : std::vector<Value>());
  });
  add("tuple", [](Interpreter& it, Arguments arguments, const Place& place) {
    const Given given(it, "tuple", arguments, {"iterable?"}, place);
    return tuple_of(given.has(0) ? it.items(given[0], place) : std::vector<Value>());
  });
  const Native make_set = [](Interpreter& it, Arguments arguments, const Place& place) {
    const Given given(it, "set", arguments, {"iterable?"}, place);
    const Value made = set_of({});
    if (!given.has(0)) return made;
    for (Value& item : it.items(given[0], place)) {
      it.add_item(*made.get_if<Set>(), std::move(item), place);
    }
    return made;
  };
  add("set", make_set);
  add("frozenset", make_set);
  add("object", nullptr);
  add("NoneType", [](Interpreter&, Arguments, const Place&) { return Value(); });
  add("generator", nullptr);
  add("type", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    if (arguments.positional.size() == 3) return it.make_class_of(arguments, place);
    if (arguments.positional.size() != 1)
      refuse(place, "a class made by `type(...)` is not supported");
    const Value& value = arguments.positional[0];
    if (const auto* instance = value.get_if<std::shared_ptr<Instance>>()) return (*instance)->type;
    const Value known = it.builtin(type_name(value));
    if (known.is_none()) {
      refuse(place, fmt::format("cannot tell the type of `{}`", describe(value)));
    }
    return known;
  });
  for (const char* name : {"staticmethod", "classmethod", "property"}) {
    add(name, [name](Interpreter& it, Arguments arguments, const Place& place) -> Value {
      // `x = property(get_x, set_x)`
      if (!arguments.positional.empty() &&
          arguments.positional[0].get_if<std::shared_ptr<Function>>() != nullptr) {
        return it.decorate(arguments.positional[0], it.builtin(name), place);
      }
      if (std::string_view(name) == "property") return it.property_of(arguments, place);
      refuse(place, fmt::format("`{}` is supported as a decorator only", name));
    });
  }
}

void Interpreter::add_exceptions() {
  static constexpr std::pair<const char*, const char*> names[] = {
      {"BaseException", nullptr},
      {"Exception", "BaseException"},
      {"SystemExit", "BaseException"},
      {"KeyboardInterrupt", "BaseException"},
      {"GeneratorExit", "BaseException"},
      {"ArithmeticError", "Exception"},
      {"ZeroDivisionError", "ArithmeticError"},
      {"OverflowError", "ArithmeticError"},
      {"FloatingPointError", "ArithmeticError"},
      {"AssertionError", "Exception"},
      {"AttributeError", "Exception"},
      {"ImportError", "Exception"},
      {"ModuleNotFoundError", "ImportError"},
      {"LookupError", "Exception"},
      {"IndexError", "LookupError"},
      {"KeyError", "LookupError"},
      {"NameError", "Exception"},
      {"UnboundLocalError", "NameError"},
      {"OSError", "Exception"},
      {"FileNotFoundError", "OSError"},
      {"PermissionError", "OSError"},
      {"FileExistsError", "OSError"},
      {"IsADirectoryError", "OSError"},
      {"NotADirectoryError", "OSError"},
      {"InterruptedError", "OSError"},
      {"BlockingIOError", "OSError"},
      {"ChildProcessError", "OSError"},
      {"ProcessLookupError", "OSError"},
      {"TimeoutError", "OSError"},
      {"ConnectionError", "OSError"},
      {"BrokenPipeError", "ConnectionError"},
      {"ConnectionAbortedError", "ConnectionError"},
      {"ConnectionRefusedError", "ConnectionError"},
      {"ConnectionResetError", "ConnectionError"},
      {"RuntimeError", "Exception"},
      {"NotImplementedError", "RuntimeError"},
      {"RecursionError", "RuntimeError"},
      {"StopIteration", "Exception"},
      {"StopAsyncIteration", "Exception"},
      {"BufferError", "Exception"},
      {"EOFError", "Exception"},
      {"MemoryError", "Exception"},
      {"ReferenceError", "Exception"},
      {"SyntaxError", "Exception"},
      {"IndentationError", "SyntaxError"},
      {"TabError", "IndentationError"},
      {"SystemError", "Exception"},
      {"TypeError", "Exception"},
      {"ValueError", "Exception"},
      {"UnicodeError", "ValueError"},
      {"UnicodeDecodeError", "UnicodeError"},
      {"UnicodeEncodeError", "UnicodeError"},
      {"Warning", "Exception"},
      {"UserWarning", "Warning"},
      {"BytesWarning", "Warning"},
      {"DeprecationWarning", "Warning"},
      {"EncodingWarning", "Warning"},
      {"FutureWarning", "Warning"},
      {"ImportWarning", "Warning"},
      {"PendingDeprecationWarning", "Warning"},
      {"ResourceWarning", "Warning"},
      {"RuntimeWarning", "Warning"},
      {"SyntaxWarning", "Warning"},
      {"UnicodeWarning", "Warning"}};
  for (const auto& [name, base] : names) {
    auto type = make_class(name);
    type->builtin = true;
    if (base != nullptr) type->bases.push_back(builtin_class(base));
    builtins_[name] = type;
  }
  builtins_["IOError"] = builtins_["OSError"];
  builtins_["EnvironmentError"] = builtins_["OSError"];
}

void Interpreter::add_builtins() {
  builtins_["Ellipsis"] = Symbol{"builtins.Ellipsis"};
  add_types();
  add_exceptions();
  add_builtin_functions();
}

void Interpreter::add_builtin_functions() {
  const auto add = [this](const std::string& name, Native function) {
    builtins_[name] = native(name, std::move(function));
  };
  add("sorted", sorted);
  add("iter", iterate_builtin);
  add("next", next_builtin);
  add("min", [](Interpreter& it, Arguments arguments, const Place& place) {
    return extreme(it, arguments, place, false);
  });
  add("max", [](Interpreter& it, Arguments arguments, const Place& place) {
    return extreme(it, arguments, place, true);
  });
  for (const auto& [name, prefix, base] :
       {std::tuple("bin", "0b", 2U), std::tuple("oct", "0o", 8U), std::tuple("hex", "0x", 16U)}) {
    add(name,
        [name = std::string(name), prefix = std::string(prefix), base = base](
            Interpreter& it, Arguments arguments, const Place& place) -> Value {
          const Given given(it, name, arguments, {"number"}, place);
          const auto number = as_int(given[0]);
          if (!number) {
            if (const Why why = unknown_in(given[0])) return derived(why);
            it.raise(
                "TypeError",
                fmt::format("'{}' object cannot be interpreted as an integer", type_name(given[0])),
                place);
          }
          auto rest = *number < 0 ? 0U - static_cast<std::uint64_t>(*number)
                                  : static_cast<std::uint64_t>(*number);
          std::string digits;
          do {
            digits.insert(digits.begin(), "0123456789abcdef"[rest % base]);
            rest /= base;
          } while (rest != 0);
          return (*number < 0 ? "-" : "") + prefix + digits;
        });
  }
  add("print", [](Interpreter&, Arguments, const Place&) -> Value { return None{}; });
  add("len", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    return it.length(Given(it, "len", arguments, {"obj"}, place)[0], place);
  });
  add("repr", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    return it.representation(Given(it, "repr", arguments, {"obj"}, place)[0], place);
  });
  add("format", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "format", arguments, {"value", "spec?"}, place);
    return it.format(given[0], given.has(1) ? given.text(1) : "", place);
  });
  add("callable", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "callable", arguments, {"obj"}, place);
    if (is_symbolic(given[0])) {
      refuse(place, fmt::format("cannot tell whether `{}` can be called", describe(given[0])));
    }
    return given[0].get_if<std::shared_ptr<Function>>() != nullptr ||
           given[0].get_if<std::shared_ptr<Class>>() != nullptr ||
           (given[0].get_if<std::shared_ptr<Instance>>() != nullptr &&
            it.find(given[0], "__call__", place).has_value());
  });
  add("abs", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "abs", arguments, {"x"}, place);
    const auto number = as_number(given[0]);
    if (!number) return it.unary("abs", given[0], place);
    return *number < 0 ? it.unary("-", given[0], place) : it.unary("+", given[0], place);
  });
  add("round", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "round", arguments, {"number", "ndigits?"}, place);
    if (as_int(given[0]) && !given.has(1)) return *as_int(given[0]);
    const auto number = as_number(given[0]);
    if (!number || given.has(1) || !(std::abs(*number) < 9e15)) {
      refuse(place, "this use of round() is not supported");
    }
    return static_cast<std::int64_t>(std::nearbyint(*number));  // halves to even, as Python
  });
  add("ord", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "ord", arguments, {"c"}, place);
    if (characters(given.text(0)) != 1) it.raise("TypeError", "ord() expected a character", place);
    std::size_t at = 0;
    return static_cast<std::int64_t>(code_point_at(given.text(0), at));
  });
  add("chr", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const std::int64_t code = Given(it, "chr", arguments, {"i"}, place).integer(0);
    if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      it.raise("ValueError", "chr() arg not in range(0x110000)", place);
    }
    std::string text;
    append_utf8(text, static_cast<std::uint32_t>(code));
    return text;
  });
  add("id", [](Interpreter&, Arguments, const Place& place) -> Value {
    return unknown("the outcome of id()", place);
  });
  add("sum", [](Interpreter& it, Arguments arguments, const Place& place) {
    const Given given(it, "sum", arguments, {"iterable", "start?"}, place);
    Value total = given.has(1) ? given[1] : Value(std::int64_t{0});
    for (const Value& item : it.items(given[0], place)) total = it.binary("+", total, item, place);
    return total;
  });
  for (const bool wanted : {true, false}) {
    add(wanted ? "any" : "all",
        [wanted](Interpreter& it, Arguments arguments, const Place& place) -> Value {
          const Given given(it, wanted ? "any" : "all", arguments, {"iterable"}, place);
          const Next next = it.iterate(given[0], place);
          while (const auto item = next()) {
            if (it.truth(*item, place) == wanted) return wanted;
          }
          return !wanted;
        });
  }
  add("enumerate", [](Interpreter& it, Arguments arguments, const Place& place) {
    const Given given(it, "enumerate", arguments, {"iterable", "start?"}, place);
    const std::int64_t start = given.has(1) ? given.integer(1) : 0;
    return it.iterator(
        [next = it.iterate(given[0], place), at = start]() mutable -> std::optional<Value> {
          auto item = next();
          if (!item) return std::nullopt;
          return tuple_of({Value(at++), std::move(*item)});
        });
  });
  add("zip", [](Interpreter& it, Arguments arguments, const Place& place) {
    std::vector<Next> all;
    const Value* strict = arguments.find("strict");
    if (strict != nullptr && it.truth(*strict, place))
      refuse(place, "`zip(strict=True)` is not supported");
    for (const Value& one : arguments.positional) all.push_back(it.iterate(one, place));
    return it.iterator([all]() -> std::optional<Value> {
      std::vector<Value> row;
      for (const Next& next : all) {
        auto item = next();
        if (!item) return std::nullopt;
        row.push_back(std::move(*item));
      }
      if (row.empty()) return std::nullopt;
      return tuple_of(std::move(row));
    });
  });
  add("map", [](Interpreter& it, Arguments arguments, const Place& place) {
    if (arguments.positional.size() < 2)
      it.raise("TypeError", "map() must have at least two arguments", place);
    std::vector<Next> all;
    for (std::size_t i = 1; i < arguments.positional.size(); ++i) {
      all.push_back(it.iterate(arguments.positional[i], place));
    }
    return it.iterator(
        [&it, all, function = arguments.positional[0], place]() -> std::optional<Value> {
          Arguments row;
          for (const Next& next : all) {
            auto item = next();
            if (!item) return std::nullopt;
            row.positional.push_back(std::move(*item));
          }
          Why why;
          for (Value& value : row.positional) {
            if (auto absent = may_be_absent(value)) why = std::move(absent);
            value = one_of(std::move(value));
          }
          if (!why) return it.call(function, std::move(row), place);
          const auto region = it.open_region(why);
          try {
            it.call(function, std::move(row), place);
          } catch (...) {
            it.close_region(region);
            throw;
          }
          it.close_region(region);
          return rest_of(why);
        });
  });
  add("filter", [](Interpreter& it, Arguments arguments, const Place& place) {
    const Given given(it, "filter", arguments, {"function", "iterable"}, place);
    return it.iterator([&it, next = it.iterate(given[1], place), function = given[0],
                        place]() -> std::optional<Value> {
      while (auto item = next()) {
        const Value kept = function.is_none() ? *item : it.call(function, only(*item), place);
        if (it.truth(kept, place)) return item;
      }
      return std::nullopt;
    });
  });
  add("reversed", [](Interpreter& it, Arguments arguments, const Place& place) {
    std::vector<Value> all = it.items(Given(it, "reversed", arguments, {"seq"}, place)[0], place);
    std::reverse(all.begin(), all.end());
    return it.iterator(it.iterate(list_of(std::move(all)), place));
  });
  add("isinstance", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "isinstance", arguments, {"obj", "type"}, place);
    return it.is_instance(given[0], given[1], place);
  });
  add("issubclass", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "issubclass", arguments, {"cls", "base"}, place);
    const auto* type = given[0].get_if<std::shared_ptr<Class>>();
    const auto* base = given[1].get_if<std::shared_ptr<Class>>();
    if (type == nullptr || base == nullptr) {
      refuse(place, fmt::format("cannot tell whether `{}` is a subclass of `{}`",
                                describe(given[0]), describe(given[1])));
    }
    return is_subclass(**type, **base);
  });
  add("getattr", [](Interpreter& it, Arguments arguments, const Place& place) {
    const Given given(it, "getattr", arguments, {"obj", "name", "default?"}, place);
    if (given.has(2) && is_symbolic(given[0])) {
      const Value asked = std::make_shared<const Term>(
          Term{"builtins.hasattr", nullptr, {{given[0], given[1]}, {}}, place});
      if (!it.truth(asked, place)) return given[2];
    }
    auto found = it.find(given[0], given.text(1), place);
    if (!found && given.text(1).starts_with("__")) {
      return it.attribute(given[0], given.text(1), place);
    }
    if (found) return std::move(*found);
    return given.has(2) ? given[2] : it.attribute(given[0], given.text(1), place);
  });
  add("hasattr", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "hasattr", arguments, {"obj", "name"}, place);
    if (is_symbolic(given[0])) {
      const Value asked = std::make_shared<const Term>(
          Term{"builtins.hasattr", nullptr, {{given[0], given[1]}, {}}, place});
      return it.truth(asked, place);
    }
    const bool found = it.find(given[0], given.text(1), place).has_value();
    const bool bare = given[0].get_if<std::shared_ptr<Function>>() != nullptr &&
                      (given.text(1) == "__func__" || given.text(1) == "__self__");
    if (!found && given.text(1).starts_with("__") && !bare) {
      refuse(place, fmt::format("cannot tell whether there is a `{}`", given.text(1)));
    }
    return found;
  });
  add("dir", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    std::vector<Value> names;
    const Given given(it, "dir", arguments, {"object"}, place);
    for (std::string& name : it.names_of(given[0], place)) names.emplace_back(std::move(name));
    it.charge(names.size() * sizeof(Value), place);
    return list_of(std::move(names));
  });
  add("vars", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    return it.attributes_of(Given(it, "vars", arguments, {"object"}, place)[0], place);
  });
  add("setattr", [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
    const Given given(it, "setattr", arguments, {"obj", "name", "value"}, place);
    it.set_attribute(given[0], given.text(1), given[2], place);
    return None{};
  });
}

}  // namespace driftd::python
