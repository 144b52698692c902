#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/parameters.h"
#include "expected_schema/python/unicode.h"

/// Python's `json`: values to text and back, of what JSON can say.
namespace driftd::python {
namespace {

constexpr int deepest = 100;

struct Style {
  bool ascii = true;
  bool sorted = false;
  std::string between = ", ";
  std::string colon = ": ";
  std::optional<std::string> indent;
};

std::string escaped(const std::string& text, bool ascii) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x80) {
      const std::size_t start = at;
      const auto point = static_cast<unsigned>(code_point_at(text, at));
      if (!ascii) {
        result.append(text, start, at - start);
      } else if (point < 0x10000) {
        result += fmt::format("\\u{:04x}", point);
      } else {
        result += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((point - 0x10000) >> 10),
                              0xDC00 + ((point - 0x10000) & 0x3FF));
      }
      continue;
    }
    ++at;
    constexpr std::string_view special = "\"\\\n\r\t\b\f";
    constexpr std::string_view letters = "\"\\nrtbf";
    if (const std::size_t which = special.find(c); which != std::string_view::npos) {
      result += {'\\', letters[which]};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      // Python leaves DEL as it is.
      result += c == 0x7F ? std::string(1, c) : fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + "\"";
}

class Writer {
 public:
  Writer(Interpreter& it, Style style, const Place& place)
      : it_(it), style_(std::move(style)), place_(place) {}

  void write(const Value& value, int depth) {
    it_.step(place_);
    if (depth > deepest) refuse(place_, "values nested too deeply for json.dumps");
    if (const auto* why = value.get_if<Why>()) it_.need(*why, place_);
    const Value& plain = unwrapped(value);
    if (const auto* text = plain.get_if<std::string>()) {
      out_ += escaped(*text, style_.ascii);
    } else if (plain.is_none()) {
      out_ += "null";
    } else if (const auto* truth = plain.get_if<bool>()) {
      out_ += *truth ? "true" : "false";
    } else if (const auto number = as_number(plain)) {
      if (!std::isfinite(*number)) refuse(place_, "json.dumps of no finite number");
      out_ += it_.representation(plain, place_);
    } else if (plain.get_if<List>() != nullptr || plain.get_if<Tuple>() != nullptr) {
      const std::vector<Value> items = it_.items(plain, place_);
      surrounded('[', ']', items, depth, [&](const Value& item) { write(item, depth + 1); });
    } else if (const auto* dict = plain.get_if<Dict>()) {
      write_dict(**dict, depth);
    } else {
      if (const Why why = is_symbolic(value) ? it_.unknown_of(value, place_) : nullptr) {
        it_.need(why, place_);
      }
      refuse(place_, fmt::format("json.dumps of `{}` is not supported", describe(value)));
    }
    if (out_.size() > 1'000'000) it_.charge(1'000, place_);
  }
  std::string take() { return std::move(out_); }

 private:
  template <typename Items, typename One>
  void surrounded(char open, char close, const Items& items, int depth, One one) {
    const auto line = [&](int level) {
      if (!style_.indent || items.empty()) return;
      out_ += '\n';
      for (int i = 0; i < level; ++i) out_ += *style_.indent;
    };
    out_ += open;
    bool first = true;
    for (const auto& item : items) {
      if (!std::exchange(first, false)) out_ += style_.between;
      line(depth + 1);
      one(item);
    }
    line(depth);
    out_ += close;
  }

  void write_dict(const std::vector<std::pair<Value, Value>>& pairs, int depth) {
    std::vector<std::pair<std::string, Value>> named;
    for (const auto& [key, item] : pairs) {
      if (const auto* why = key.get_if<Why>()) it_.need(*why, place_);
      const std::string* name = as_text(key);
      if (name == nullptr && as_int(key) && key.get_if<bool>() == nullptr) {
        named.emplace_back(std::to_string(*as_int(key)), item);
        continue;
      }
      if (name == nullptr) refuse(place_, "json.dumps of keys that are no text is not supported");
      named.emplace_back(*name, item);
    }
    if (style_.sorted) {  // UTF-8 keeps the order of code points
      std::ranges::stable_sort(named,
                               [](const auto& a, const auto& b) { return a.first < b.first; });
    }
    surrounded('{', '}', named, depth, [&](const auto& pair) {
      out_ += escaped(pair.first, style_.ascii) + style_.colon;
      write(pair.second, depth + 1);
    });
  }

  Interpreter& it_;
  Style style_;
  const Place& place_;
  std::string out_;
};

Value dumps(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "json.dumps", arguments,
                    {"obj", "skipkeys?", "ensure_ascii?", "check_circular?", "allow_nan?", "cls?",
                     "indent?", "separators?", "default?", "sort_keys?"},
                    place);
  Style style;
  if (given.has(1) && it.truth(given[1], place)) refuse(place, "json.dumps(skipkeys=True)");
  style.ascii = !given.has(2) || it.truth(given[2], place);
  style.sorted = given.has(9) && it.truth(given[9], place);
  if (given.has(6) && !given[6].is_none()) {
    const auto number = as_int(given[6]);
    const std::string* text = as_text(given[6]);
    if (!number && text == nullptr) refuse(place, "json.dumps with such an indent");
    style.indent =
        text != nullptr
            ? *text
            : std::string(static_cast<std::size_t>(std::clamp<std::int64_t>(*number, 0, 100)), ' ');
    style.between = ",";
  }
  if (given.has(7) && !given[7].is_none()) {
    const std::vector<Value> two = it.items(given[7], place);
    const bool texts = two.size() == 2 && as_text(two[0]) != nullptr && as_text(two[1]) != nullptr;
    if (!texts) refuse(place, "json.dumps with such separators");
    style.between = *as_text(two[0]);
    style.colon = *as_text(two[1]);
  }
  // Of `cls` and `default` only what JSON itself cannot say is asked, which is refused.
  Writer writer(it, std::move(style), place);
  writer.write(given[0], 0);
  std::string out = writer.take();
  it.charge(out.size(), place);
  return out;
}

class Reader {
 public:
  Reader(Interpreter& it, std::string_view text, const Place& place)
      : it_(it), text_(text), place_(place) {}

  Value whole() {
    blank();
    Value value = read(0);
    blank();
    if (at_ != text_.size()) wrong();
    return value;
  }

 private:
  [[noreturn]] void wrong() {
    refuse(place_,
           fmt::format("json.loads of a text that is no JSON at byte {} is not supported", at_));
  }
  void blank() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != text_.npos) ++at_;
  }
  bool skip(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool skip(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  Value read(int depth) {
    it_.step(place_);
    if (depth > deepest) refuse(place_, "values nested too deeply for json.loads");
    it_.charge(sizeof(Value), place_);
    if (skip('{')) return read_dict(depth);
    if (skip('[')) return read_list(depth);
    if (skip('"')) return Value(read_text());
    if (skip("null")) return {};
    if (skip("true")) return true;
    if (skip("false")) return false;
    return read_number();
  }

  Value read_dict(int depth) {
    const Value made = dict_of({});
    blank();
    if (skip('}')) return made;
    while (true) {
      blank();
      if (!skip('"')) wrong();
      std::string key = read_text();
      blank();
      if (!skip(':')) wrong();
      blank();
      it_.set_key(*made.get_if<Dict>(), std::move(key), read(depth + 1), place_);
      blank();
      if (skip('}')) return made;
      if (!skip(',')) wrong();
    }
  }

  Value read_list(int depth) {
    std::vector<Value> items;
    blank();
    if (skip(']')) return list_of(std::move(items));
    while (true) {
      blank();
      items.push_back(read(depth + 1));
      blank();
      if (skip(']')) return list_of(std::move(items));
      if (!skip(',')) wrong();
    }
  }

  unsigned hexadecimal() {
    unsigned unit = 0;
    const char* const begin = text_.data() + at_;
    if (at_ + 4 > text_.size() || std::from_chars(begin, begin + 4, unit, 16).ptr != begin + 4) {
      wrong();
    }
    at_ += 4;
    return unit;
  }

  std::string read_text() {
    std::string result;
    while (true) {
      if (at_ >= text_.size()) wrong();
      const char c = text_[at_++];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) wrong();
      if (c != '\\') {
        result += c;
        continue;
      }
      if (at_ >= text_.size()) wrong();
      constexpr std::string_view letters = "\"\\/bfnrt";
      constexpr std::string_view means = "\"\\/\b\f\n\r\t";
      const char letter = text_[at_++];
      if (const std::size_t which = letters.find(letter); which != std::string_view::npos) {
        result += means[which];
        continue;
      }
      if (letter != 'u') wrong();
      unsigned point = hexadecimal();
      if (point >= 0xD800 && point < 0xDC00 && skip("\\u")) {
        const unsigned low = hexadecimal();
        if (low < 0xDC00 || low > 0xDFFF) refuse(place_, "half a character in JSON");
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      } else if (point >= 0xD800 && point < 0xE000) {
        refuse(place_, "half a character in JSON");
      }
      append_utf8(result, point);
    }
    it_.charge(result.size(), place_);
    return result;
  }

  Value read_number() {
    const std::size_t start = at_;
    const auto digits = [&] {
      const std::size_t first = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      if (at_ == first) wrong();
      return at_ - first;
    };
    skip('-');
    const bool zero = at_ < text_.size() && text_[at_] == '0';
    if (digits() > 1 && zero) wrong();
    bool whole = true;
    if (skip('.')) {
      whole = false;
      digits();
    }
    if (skip('e') || skip('E')) {
      whole = false;
      if (!skip('+')) skip('-');
      digits();
    }
    const std::string written(text_.substr(start, at_ - start));
    if (!whole) return std::strtod(written.c_str(), nullptr);
    std::int64_t number = 0;
    const char* const end = written.data() + written.size();
    if (std::from_chars(written.data(), end, number).ec != std::errc()) {
      refuse(place_, "an integer beyond 64 bits is not supported");
    }
    return number;
  }

  Interpreter& it_;
  std::string_view text_;
  const Place& place_;
  std::size_t at_ = 0;
};

Value loads(Interpreter& it, Arguments arguments, const Place& place) {
  const Given given(it, "json.loads", arguments, {"s"}, place);
  return Reader(it, given.text(0), place).whole();
}

}  // namespace

void add_json(std::map<std::string, Native, std::less<>>& table) {
  table.emplace("json.dumps", dumps);
  table.emplace("json.loads", loads);
}

}  // namespace driftd::python
