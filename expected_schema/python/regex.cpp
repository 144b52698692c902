// Python's `re` over ASCII, by Boost.Regex, whose Perl syntax is nearest to it.
#include <fmt/format.h>

#include <algorithm>
#include <boost/regex.hpp>

#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/parameters.h"

namespace driftd::python {
namespace {

using Match = boost::smatch;

bool is_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// What this does not do is not known, and need not be.
[[noreturn]] void give_up(Interpreter& it, const Place& place, std::string what) {
  it.need(*unknown(std::move(what), place).get_if<Why>(), place);
}

/// An escape of Python's as Boost has it: `\'`, `\<` and their like are the character here and an
/// anchor there. Nothing for one that only Python has.
std::optional<std::string> escape_in_perl(char escaped) {
  const bool word = (escaped >= '0' && escaped <= '9') || (escaped >= 'a' && escaped <= 'z') ||
                    (escaped >= 'A' && escaped <= 'Z');
  if (escaped == 'Z') return "\\z";
  if (escaped == 'v') return "\\x0B";
  constexpr std::string_view same = "AbBdDsSwWafnrtx0123456789";
  if (word && same.find(escaped) == std::string_view::npos) return std::nullopt;
  constexpr std::string_view anchors = "'`<>";
  if (anchors.find(escaped) != std::string_view::npos) return std::string(1, escaped);
  return std::string{'\\', escaped};
}

/// What the two write otherwise: `(?P<name>`, `(?P=name)`, escapes. Nothing: see escape_in_perl().
std::optional<std::string> in_perl(const std::string& pattern) {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = std::string_view(pattern).substr(i);
    if (rest.starts_with("(?P<")) {
      result += "(?<";
      i += 3;
    } else if (rest.starts_with("(?P=")) {
      const std::size_t close = pattern.find(')', i);
      result +=
          "\\k{" + pattern.substr(i + 4, close == std::string::npos ? close : close - i - 4) + "}";
      i = std::min(close, pattern.size());
    } else if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      const auto escape = escape_in_perl(pattern[++i]);
      if (!escape) return std::nullopt;
      result += *escape;
    } else {
      result += pattern[i];
    }
  }
  return result;
}

struct Compiled {
  std::string pattern;
  boost::regex regex;
};
using Shared = std::shared_ptr<const Compiled>;

/// The flags `re.I`, or nothing of it; what the others change is not done.
bool ignores_case(Interpreter& it, const Value& flags, const Place& place) {
  if (flags.is_none() || as_int(flags) == 0) return false;
  if (const auto* symbol = flags.get_if<Symbol>()) {
    if (symbol->path == "re.I" || symbol->path == "re.IGNORECASE") return true;
    if (symbol->path == "re.A" || symbol->path == "re.ASCII") return false;
  }
  give_up(it, place, "a regular expression with flags");
}

/// The work of the library, which gives up where a pattern would take too long.
template <typename Work>
auto bounded(Interpreter& it, const Place& place, const Work& work) {
  try {
    return work();
  } catch (const std::runtime_error& error) {
    give_up(it, place, fmt::format("the regular expression is not supported: {}", error.what()));
  }
}

Shared compile(Interpreter& it, const Value& pattern, const Value& flags, const Place& place) {
  const std::string* text = as_text(pattern);
  if (text == nullptr) {
    if (const Why why = it.unknown_of(pattern, place)) it.need(why, place);
    give_up(it, place,
            fmt::format("`{}` as a regular expression is not supported", describe(pattern)));
  }
  if (!is_ascii(*text)) give_up(it, place, "a regular expression beyond ASCII");
  boost::regex::flag_type syntax{boost::regex::perl};
  syntax |= boost::regex::no_mod_m;
  syntax |= boost::regex::no_mod_s;
  if (ignores_case(it, flags, place)) syntax |= boost::regex::icase;
  const auto perl = in_perl(*text);
  if (!perl) give_up(it, place, "a regular expression with an escape that only Python has");
  return bounded(it, place, [&] {
    return std::make_shared<const Compiled>(Compiled{*text, boost::regex(*perl, syntax)});
  });
}

Value group(const Match& match, const Value& which, Interpreter& it, const Place& place) {
  boost::ssub_match part;
  if (const auto number = as_int(which)) {
    if (*number < 0 || static_cast<std::size_t>(*number) >= match.size()) {
      it.raise("IndexError", Value("no such group"), place);
    }
    part = match[static_cast<int>(*number)];
  } else if (const std::string* name = as_text(which)) {
    part = match[*name];
  } else {
    give_up(it, place, "this group of a match is not supported");
  }
  return part.matched ? Value(part.str()) : Value();
}

/// A match, and the text that it points into.
struct Found {
  std::shared_ptr<const std::string> text;
  Match match;

  std::size_t begin() const { return static_cast<std::size_t>(match[0].first - text->begin()); }
  std::size_t end() const { return static_cast<std::size_t>(match[0].second - text->begin()); }
};

Value match_object(Interpreter& it, const std::shared_ptr<const Found>& found) {
  auto made = it.make_instance(it.builtin_class("object"));
  const auto add = [&](const std::string& name, Native function) {
    made->set(name, native(name, std::move(function)));
  };
  add("group", [found](Interpreter& in, Arguments given, const Place& place) -> Value {
    if (given.positional.empty()) return found->match.str();
    std::vector<Value> all;
    for (const Value& which : given.positional)
      all.push_back(group(found->match, which, in, place));
    return all.size() == 1 ? all.front() : tuple_of(std::move(all));
  });
  add("groups", [found](Interpreter& in, Arguments, const Place& place) -> Value {
    std::vector<Value> all;
    for (std::size_t i = 1; i < found->match.size(); ++i) {
      all.push_back(group(found->match, static_cast<std::int64_t>(i), in, place));
    }
    return tuple_of(std::move(all));
  });
  add("start", [found](Interpreter&, Arguments, const Place&) -> Value {
    return static_cast<std::int64_t>(found->begin());
  });
  add("end", [found](Interpreter&, Arguments, const Place&) -> Value {
    return static_cast<std::int64_t>(found->end());
  });
  return made;
}

enum class Where { Anywhere, Start, Whole };

Value first_match(Interpreter& it, const Shared& compiled, const std::string& text, Where where,
                  const Place& place) {
  if (!is_ascii(text)) give_up(it, place, "a regular expression on text beyond ASCII");
  it.charge(text.size(), place);
  auto found = std::make_shared<Found>();
  found->text = std::make_shared<const std::string>(text);
  const bool matched = bounded(it, place, [&] {
    if (where == Where::Whole) {
      return boost::regex_match(*found->text, found->match, compiled->regex);
    }
    const auto flags = where == Where::Start ? boost::match_continuous : boost::match_default;
    return boost::regex_search(*found->text, found->match, compiled->regex, flags);
  });
  return matched ? match_object(it, found) : Value();
}

/// `\1`, `\g<1>`, `\g<name>` and the escapes of a replacement.
std::string expanded(Interpreter& it, const std::string& replacement, const Match& match,
                     const Place& place) {
  std::string result;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] != '\\' || i + 1 == replacement.size()) {
      result += replacement[i];
      continue;
    }
    const char next = replacement[++i];
    if (next >= '1' && next <= '9') {
      result += match[next - '0'].str();
    } else if (next == 'g' && i + 1 < replacement.size() && replacement[i + 1] == '<') {
      const std::size_t close = replacement.find('>', i);
      if (close == std::string::npos) give_up(it, place, "the replacement is not supported");
      const std::string name = replacement.substr(i + 2, close - i - 2);
      const bool number =
          !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
      result += number && name.size() < 3 ? match[std::stoi(name)].str() : match[name].str();
      i = close;
    } else if (next == 'n') {
      result += '\n';
    } else if (next == '\\') {
      result += '\\';
    } else {
      give_up(it, place, fmt::format("`\\{}` in a replacement is not supported", next));
    }
  }
  return result;
}

std::vector<std::shared_ptr<const Found>> all_matches(Interpreter& it, const Shared& compiled,
                                                      const std::string& text, const Place& place) {
  if (!is_ascii(text)) give_up(it, place, "a regular expression on text beyond ASCII");
  const auto whole = std::make_shared<const std::string>(text);
  std::vector<std::shared_ptr<const Found>> all;
  bounded(it, place, [&] {
    for (boost::sregex_iterator at(whole->begin(), whole->end(), compiled->regex), end; at != end;
         ++at) {
      it.step(place);
      it.charge(sizeof(Found), place);
      all.push_back(std::make_shared<const Found>(Found{whole, *at}));
    }
    return true;
  });
  return all;
}

Value substitute(Interpreter& it, const Shared& compiled, const Value& replacement,
                 const std::string& text, std::size_t most, const Place& place) {
  std::string result;
  std::size_t done = 0;
  std::size_t count = 0;
  for (const auto& found : all_matches(it, compiled, text, place)) {
    if (most > 0 && count++ == most) break;
    result.append(text, done, found->begin() - done);
    if (const std::string* written = as_text(replacement)) {
      result += expanded(it, *written, found->match, place);
    } else {
      Arguments given;
      given.positional.push_back(match_object(it, found));
      result += it.text(it.call(replacement, std::move(given), place), place);
    }
    done = found->end();
    it.charge(result.size(), place);
  }
  return result.append(text, done, std::string::npos);
}

/// What findall gives for one match: the text, the only group, or all groups.
Value in_a_list(Interpreter& it, const Found& found, const Place& place) {
  if (found.match.size() == 1) return found.match.str();
  std::vector<Value> groups;
  for (std::size_t i = 1; i < found.match.size(); ++i) {
    const Value one = group(found.match, static_cast<std::int64_t>(i), it, place);
    groups.push_back(one.is_none() ? Value(std::string()) : one);
  }
  return groups.size() == 1 ? groups.front() : tuple_of(std::move(groups));
}

Value find_all(Interpreter& it, const Shared& compiled, const std::string& text,
               const Place& place) {
  std::vector<Value> all;
  for (const auto& found : all_matches(it, compiled, text, place)) {
    all.push_back(in_a_list(it, *found, place));
  }
  return list_of(std::move(all));
}

Value split_at(Interpreter& it, const Shared& compiled, const std::string& text,
               const Place& place) {
  std::vector<Value> all;
  std::size_t done = 0;
  for (const auto& found : all_matches(it, compiled, text, place)) {
    all.emplace_back(text.substr(done, found->begin() - done));
    for (std::size_t i = 1; i < found->match.size(); ++i) {
      all.push_back(group(found->match, static_cast<std::int64_t>(i), it, place));
    }
    done = found->end();
  }
  all.emplace_back(text.substr(done));
  return list_of(std::move(all));
}

/// A function of `re`, by what comes behind the pattern.
using Work = Value (*)(Interpreter&, const Shared&, const Arguments&, const Place&);

std::size_t count_of(const Given& given, std::size_t index) {
  return given.has(index)
             ? static_cast<std::size_t>(std::max<std::int64_t>(given.integer(index), 0))
             : 0;
}

struct OfPattern {
  const char* name;
  Work work;
};

template <Where where>
Value matching(Interpreter& it, const Shared& compiled, const Arguments& arguments,
               const Place& place) {
  const Given given(it, "match", arguments, {"string"}, place);
  return first_match(it, compiled, given.text(0), where, place);
}

constexpr OfPattern kFunctions[] = {
    {"match", matching<Where::Start>},
    {"search", matching<Where::Anywhere>},
    {"fullmatch", matching<Where::Whole>},
    {"sub",
     [](Interpreter& it, const Shared& compiled, const Arguments& arguments, const Place& place) {
       const Given given(it, "sub", arguments, {"repl", "string", "count?"}, place);
       return substitute(it, compiled, given[0], given.text(1), count_of(given, 2), place);
     }},
    {"findall",
     [](Interpreter& it, const Shared& compiled, const Arguments& arguments, const Place& place) {
       return find_all(it, compiled, Given(it, "findall", arguments, {"string"}, place).text(0),
                       place);
     }},
    {"split",
     [](Interpreter& it, const Shared& compiled, const Arguments& arguments, const Place& place) {
       return split_at(it, compiled, Given(it, "split", arguments, {"string"}, place).text(0),
                       place);
     }},
};

/// Takes the pattern and `flags` out of a call of the module's own functions.
Shared take_pattern(Interpreter& it, Arguments& arguments, const Place& place) {
  Value pattern;
  Value flags;
  const auto take = [&](std::string_view name, Value& into) {
    const auto at = std::ranges::find(arguments.keyword, name,
                                      [](const auto& one) { return std::string_view(one.first); });
    if (at == arguments.keyword.end()) return false;
    into = at->second;
    arguments.keyword.erase(at);
    return true;
  };
  take("flags", flags);
  if (!take("pattern", pattern)) {
    if (arguments.positional.empty()) it.raise("TypeError", Value("no pattern"), place);
    pattern = arguments.positional.front();
    arguments.positional.erase(arguments.positional.begin());
  }
  if (const auto* made = pattern.get_if<std::shared_ptr<Instance>>()) {
    if (const Value* written = (*made)->own("pattern")) pattern = *written;
  }
  return compile(it, pattern, flags, place);
}

Value pattern_object(Interpreter& it, const Shared& compiled) {
  auto made = it.make_instance(it.builtin_class("object"));
  made->set("pattern", compiled->pattern);
  for (const OfPattern& function : kFunctions) {
    made->set(function.name,
              native(function.name, [compiled, work = function.work](
                                        Interpreter& in, Arguments arguments, const Place& place) {
                return work(in, compiled, arguments, place);
              }));
  }
  return made;
}

}  // namespace

void add_regex(std::map<std::string, Native, std::less<>>& table) {
  for (const OfPattern& function : kFunctions) {
    table.emplace(std::string("re.") + function.name,
                  [work = function.work](Interpreter& it, Arguments arguments, const Place& place) {
                    const Shared compiled = take_pattern(it, arguments, place);
                    return work(it, compiled, arguments, place);
                  });
  }
  table.emplace("re.compile", [](Interpreter& it, Arguments arguments, const Place& place) {
    if (arguments.positional.size() > 1) {
      arguments.keyword.emplace_back("flags", arguments.positional[1]);
      arguments.positional.resize(1);
    }
    return pattern_object(it, take_pattern(it, arguments, place));
  });
}

}  // namespace driftd::python
