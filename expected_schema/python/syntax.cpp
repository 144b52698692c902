#include "expected_schema/python/syntax.h"

#include <fmt/format.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <utility>

#include "expected_schema/base/text.h"

#if defined(__SANITIZE_ADDRESS__)
#define DRIFTD_LEAKS_ARE_LOOKED_FOR
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(leak_sanitizer)
#define DRIFTD_LEAKS_ARE_LOOKED_FOR
#endif
#endif
#ifdef DRIFTD_LEAKS_ARE_LOOKED_FOR
#include <sanitizer/lsan_interface.h>
#endif

extern "C" const TSLanguage* tree_sitter_python(void);

namespace driftd::python {
namespace {

constexpr std::size_t largest_file = 16U * 1024U * 1024U;
/// libtree-sitter 0.20 counts the children of an error node in 16 bits and frees a wrong address
/// beyond. A shorter file cannot have that many tokens; a longer one is parsed only up to its
/// first error, and what would pile up on the parser's stack is refused before.
constexpr std::size_t safe_with_errors = 65'000;
constexpr std::size_t deepest_brackets = 1'000;  // Python itself ends at 200
constexpr std::uint64_t longest_parse_microseconds = 20'000'000;

constexpr std::string_view syntax_hint =
    "Check the file with `python3 -m py_compile`; only Python 3 is read.";

const std::unordered_map<std::string_view, Kind>& kinds() {
  static const std::unordered_map<std::string_view, Kind> table = {
      {"module", Kind::Module},
      {"block", Kind::Block},
      {"comment", Kind::Comment},
      {"line_continuation", Kind::Comment},
      {"ERROR", Kind::Error},
      {"expression_statement", Kind::ExpressionStatement},
      {"assignment", Kind::Assignment},
      {"augmented_assignment", Kind::AugmentedAssignment},
      {"return_statement", Kind::Return},
      {"delete_statement", Kind::Delete},
      {"raise_statement", Kind::Raise},
      {"pass_statement", Kind::Pass},
      {"break_statement", Kind::Break},
      {"continue_statement", Kind::Continue},
      {"global_statement", Kind::Global},
      {"nonlocal_statement", Kind::Nonlocal},
      {"if_statement", Kind::If},
      {"elif_clause", Kind::Elif},
      {"else_clause", Kind::Else},
      {"for_statement", Kind::For},
      {"while_statement", Kind::While},
      {"try_statement", Kind::Try},
      {"except_clause", Kind::Except},
      {"finally_clause", Kind::Finally},
      {"with_statement", Kind::With},
      {"with_clause", Kind::WithClause},
      {"with_item", Kind::WithItem},
      {"function_definition", Kind::Definition},
      {"class_definition", Kind::ClassDefinition},
      {"decorated_definition", Kind::Decorated},
      {"decorator", Kind::Decorator},
      {"import_statement", Kind::Import},
      {"import_from_statement", Kind::ImportFrom},
      {"future_import_statement", Kind::FutureImport},
      {"relative_import", Kind::RelativeImport},
      {"import_prefix", Kind::ImportPrefix},
      {"dotted_name", Kind::DottedName},
      {"aliased_import", Kind::AliasedImport},
      {"wildcard_import", Kind::Wildcard},
      {"assert_statement", Kind::Assert},
      {"identifier", Kind::Identifier},
      {"integer", Kind::Integer},
      {"float", Kind::Float},
      {"string", Kind::String},
      {"string_start", Kind::StringStart},
      {"string_content", Kind::StringContent},
      {"string_end", Kind::StringEnd},
      {"interpolation", Kind::Interpolation},
      {"type_conversion", Kind::TypeConversion},
      {"format_specifier", Kind::FormatSpecifier},
      {"format_expression", Kind::FormatExpression},
      {"concatenated_string", Kind::ConcatenatedString},
      {"true", Kind::True},
      {"false", Kind::False},
      {"none", Kind::None},
      {"ellipsis", Kind::Ellipsis},
      {"list", Kind::ListDisplay},
      {"tuple", Kind::Tuple},
      {"dictionary", Kind::Dictionary},
      {"set", Kind::Set},
      {"pair", Kind::Pair},
      {"list_comprehension", Kind::ListComprehension},
      {"dictionary_comprehension", Kind::DictionaryComprehension},
      {"set_comprehension", Kind::SetComprehension},
      {"generator_expression", Kind::Generator},
      {"for_in_clause", Kind::ForIn},
      {"if_clause", Kind::IfClause},
      {"parenthesized_expression", Kind::Parenthesized},
      {"expression_list", Kind::ExpressionList},
      {"binary_operator", Kind::Binary},
      {"unary_operator", Kind::Unary},
      {"not_operator", Kind::Not},
      {"boolean_operator", Kind::Boolean},
      {"comparison_operator", Kind::Comparison},
      {"conditional_expression", Kind::Conditional},
      {"lambda", Kind::Lambda},
      {"named_expression", Kind::Named},
      {"attribute", Kind::AttributeAccess},
      {"subscript", Kind::Subscript},
      {"slice", Kind::Slice},
      {"call", Kind::Call},
      {"argument_list", Kind::ArgumentList},
      {"keyword_argument", Kind::KeywordArgument},
      {"list_splat", Kind::ListSplat},
      {"dictionary_splat", Kind::DictionarySplat},
      {"as_pattern", Kind::AsPattern},
      {"as_pattern_target", Kind::AsPatternTarget},
      {"pattern_list", Kind::PatternList},
      {"tuple_pattern", Kind::TuplePattern},
      {"list_pattern", Kind::ListPattern},
      {"list_splat_pattern", Kind::ListSplatPattern},
      {"dictionary_splat_pattern", Kind::DictionarySplatPattern},
      {"parameters", Kind::Parameters},
      {"lambda_parameters", Kind::LambdaParameters},
      {"default_parameter", Kind::DefaultParameter},
      {"typed_parameter", Kind::TypedParameter},
      {"typed_default_parameter", Kind::TypedDefaultParameter},
      {"keyword_separator", Kind::KeywordSeparator},
      {"positional_separator", Kind::PositionalSeparator},
      {"type", Kind::Type},
  };
  return table;
}

/// As Python's universal newlines: the text of a triple-quoted string must not depend on how the
/// file was checked out.
std::string with_newlines(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      result += text[i];
    } else {
      result += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
  }
  return result;
}

Place place_of(const std::string& file, std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n');
  const std::size_t column = start == std::string_view::npos ? at + 1 : at - start;
  return {file, static_cast<int>(line), static_cast<int>(column)};
}

void check_encoding(const std::string& file, std::string_view text) {
  if (text.size() > largest_file) {
    throw Error(Reason::NotUnderstood, "the file is larger than 16 MiB",
                "Load data from a file of its own instead of from a migration.", {file});
  }
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    throw Error(Reason::NotUnderstood, "the file has a NUL byte, so it is no Python source",
                std::string(syntax_hint), place_of(file, text, nul));
  }
  const std::string valid = valid_utf8(text);
  const auto differ = std::mismatch(text.begin(), text.end(), valid.begin(), valid.end());
  if (differ.first != text.end()) {
    throw Error(Reason::NotUnderstood, "the file is not valid UTF-8", "Save the file as UTF-8.",
                place_of(file, text, static_cast<std::size_t>(differ.first - text.begin())));
  }
}

/// Bounds what can pile up on the parser's stack: open brackets, and what stands between commas
/// or lines. Looks past comments and strings, and knows no more of Python than that.
void check_nesting(const std::string& file, std::string_view text) {
  std::vector<std::size_t> pending{0};  // bytes since the last comma, one count a bracket
  std::size_t all = 0;
  const auto settle = [&] { all -= std::exchange(pending.back(), 0); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '"' || c == '\'') {
      const std::string three(3, c);
      const bool triple = text.substr(i, 3) == three;
      i += triple ? 3 : 1;
      while (i < text.size()) {
        if (text[i] == '\\') {
          ++i;
        } else if (triple ? text.substr(i, 3) == three : text[i] == c || text[i] == '\n') {
          break;
        }
        ++i;
      }
      if (triple) i += 2;
    } else if (c == '(' || c == '[' || c == '{') {
      pending.push_back(0);
    } else if ((c == ')' || c == ']' || c == '}') && pending.size() > 1) {
      settle();
      pending.pop_back();
    } else if (c == ',' || c == ';' || (c == '\n' && pending.size() == 1)) {
      settle();
    } else {
      ++pending.back();
      ++all;
    }
    if (pending.size() > deepest_brackets + 1 || all > safe_with_errors / 2) {
      throw Error(Reason::NotUnderstood,
                  pending.size() > deepest_brackets + 1
                      ? fmt::format("brackets are nested more than {} deep", deepest_brackets)
                      : std::string("an expression is too long"),
                  "Split the expression.", place_of(file, text, std::min(i, text.size())));
    }
  }
}

struct ParserDelete {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct TreeDelete {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

/// Says that the leak is meant, where leaks are looked for.
void leave_allocated(const TSParser* parser) {
#ifdef DRIFTD_LEAKS_ARE_LOOKED_FOR
  __lsan_ignore_object(parser);
#else
  static_cast<void>(parser);
#endif
}

class Cursor {
 public:
  explicit Cursor(TSNode node) : cursor_(ts_tree_cursor_new(node)) {}
  ~Cursor() { ts_tree_cursor_delete(&cursor_); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
  const char* field() const { return ts_tree_cursor_current_field_name(&cursor_); }
  bool down() { return ts_tree_cursor_goto_first_child(&cursor_); }
  bool next() { return ts_tree_cursor_goto_next_sibling(&cursor_); }
  bool up() { return ts_tree_cursor_goto_parent(&cursor_); }

 private:
  TSTreeCursor cursor_;
};

/// Ends the parse where the parser gives up on every reading of the text.
struct FirstError {
  std::size_t stop = 0;
  unsigned row = 0;
  unsigned column = 0;

  static void log(void* payload, TSLogType, const char* message) {
    auto& self = *static_cast<FirstError*>(payload);
    const std::string_view text(message);
    if (text.starts_with("resume version")) self.stop = 1;
    if (self.stop != 0 || !text.starts_with("process version")) return;
    const auto number = [&](std::string_view name, unsigned& value) {
      const auto at = text.find(name);
      if (at == std::string_view::npos) return;
      std::from_chars(text.data() + at + name.size(), text.data() + text.size(), value);
    };
    number("row:", self.row);
    number("col:", self.column);
  }
};

[[noreturn]] void syntax_error(const std::string& file, std::string_view text, std::size_t begin) {
  while (begin < text.size() && std::strchr(" \t\n", text[begin]) != nullptr) ++begin;
  std::string_view near = text.substr(std::min(begin, text.size()));
  near = near.substr(0, near.find('\n'));
  const bool cut = near.size() > 40;
  std::string shown(near.substr(0, 40));
  while (!shown.empty() && valid_utf8(shown) != shown) shown.pop_back();
  throw Error(Reason::NotUnderstood,
              shown.empty() ? std::string("syntax error at the end of the file")
                            : fmt::format("syntax error near `{}{}`", shown, cut ? "..." : ""),
              std::string(syntax_hint), place_of(file, text, begin));
}

/// Where the first error of the tree is.
std::size_t first_error(TSNode root) {
  Cursor cursor(root);
  for (;;) {
    const TSNode node = cursor.node();
    const bool broken = ts_node_has_error(node);
    if (ts_node_is_missing(node)) return ts_node_start_byte(node);
    if (broken && std::string_view(ts_node_type(node)) == "ERROR") return ts_node_start_byte(node);
    if (broken && cursor.down()) continue;
    while (!cursor.next()) {
      if (!cursor.up()) return ts_node_start_byte(root);
    }
  }
}

}  // namespace

const Node* Node::child(std::string_view field_name) const {
  for (const Node* child : children) {
    if (child->field == field_name) return child;
  }
  return nullptr;
}

std::vector<const Node*> Node::named() const {
  std::vector<const Node*> result;
  result.reserve(children.size());
  for (const Node* child : children) {
    if (child->kind != Kind::Token) result.push_back(child);
  }
  return result;
}

bool Node::has_token(std::string_view token) const {
  return std::any_of(children.begin(), children.end(), [&](const Node* child) {
    return child->kind == Kind::Token && child->type == token;
  });
}

/// https://docs.python.org/3/reference/expressions.html#private-name-mangling
void Tree::mangle(Node& name, const std::vector<Node*>& parents) {
  const std::string_view written = text(name);
  if (!written.starts_with("__") || written.ends_with("__")) return;
  for (std::size_t i = parents.size(); i-- > 1;) {
    if (parents[i - 1]->kind != Kind::ClassDefinition || parents[i]->field != "body") continue;
    std::string_view type = text(*parents[i - 1]->child("name"));
    type.remove_prefix(std::min(type.find_first_not_of('_'), type.size()));
    if (type.empty()) return;
    name.mangled = mangled_.emplace_back(fmt::format("_{}{}", type, written));
    return;
  }
}

std::string_view Tree::text(const Node& node) const {
  if (!node.mangled.empty()) return node.mangled;
  return std::string_view(text_).substr(node.begin, node.end - node.begin);
}

Tree::Tree(std::string file, std::string_view text) : file_(std::move(file)) {
  check_encoding(file_, text);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text_ = with_newlines(text);
  // Python ends the last line itself; the grammar wants it written.
  if (!text_.ends_with('\n')) text_ += '\n';

  check_nesting(file_, text_);

  std::unique_ptr<TSParser, ParserDelete> parser(ts_parser_new());
  if (!ts_parser_set_language(parser.get(), tree_sitter_python())) {
    throw Error(Reason::Internal, "the Python grammar does not fit the tree-sitter library",
                "Build driftd against the libtree-sitter that it runs with.");
  }
  ts_parser_set_timeout_micros(parser.get(), longest_parse_microseconds);
  FirstError first;
  if (text_.size() > safe_with_errors) {
    ts_parser_set_cancellation_flag(parser.get(), &first.stop);
    ts_parser_set_logger(parser.get(), TSLogger{&first, &FirstError::log});
  }
  const std::unique_ptr<TSTree, TreeDelete> tree(ts_parser_parse_string(
      parser.get(), nullptr, text_.data(), static_cast<std::uint32_t>(text_.size())));
  if (first.stop != 0) {
    // Its stack may hold an error node of the kind that must not be freed (see above).
    leave_allocated(parser.release());
    std::size_t at = 0;
    for (unsigned row = 0; row < first.row; ++row) at = text_.find('\n', at) + 1;
    syntax_error(file_, text_, at + first.column);
  }
  if (!tree) {
    throw Error(Reason::NotUnderstood, "the file takes too long to parse", std::string(syntax_hint),
                {file_});
  }
  const TSNode root = ts_tree_root_node(tree.get());
  if (ts_node_has_error(root)) syntax_error(file_, text_, first_error(root));

  Cursor cursor(root);
  std::vector<Node*> parents;
  for (;;) {
    const TSNode raw = cursor.node();
    Node& node = nodes_.emplace_back();
    node.type = ts_node_type(raw);
    const auto known = kinds().find(node.type);
    node.kind = !ts_node_is_named(raw)   ? Kind::Token
                : known != kinds().end() ? known->second
                                         : Kind::Other;
    if (const char* field = cursor.field(); field != nullptr) node.field = field;
    node.begin = ts_node_start_byte(raw);
    node.end = ts_node_end_byte(raw);
    const TSPoint point = ts_node_start_point(raw);
    node.line = static_cast<int>(point.row) + 1;
    node.column = static_cast<int>(point.column) + 1;
    if (!parents.empty() && node.kind != Kind::Comment) parents.back()->children.push_back(&node);
    if (node.kind == Kind::Identifier) mangle(node, parents);
    if (cursor.down()) {
      parents.push_back(&node);
      continue;
    }
    while (!cursor.next()) {
      if (!cursor.up()) return;
      parents.pop_back();
    }
  }
}

}  // namespace driftd::python
