#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/base/error.h"

namespace driftd::python {

/// The kinds of nodes that the evaluator tells apart, by the grammar's names; an operator or a
/// keyword is a Token, told apart by its text.
enum class Kind : std::uint8_t {
  Token,
  Module,
  Block,
  Comment,
  Error,
  // statements
  ExpressionStatement,
  Assignment,
  AugmentedAssignment,
  Return,
  Delete,
  Raise,
  Pass,
  Break,
  Continue,
  Global,
  Nonlocal,
  If,
  Elif,
  Else,
  For,
  While,
  Try,
  Except,
  Finally,
  With,
  WithClause,
  WithItem,
  Definition,
  ClassDefinition,
  Decorated,
  Decorator,
  Import,
  ImportFrom,
  FutureImport,
  RelativeImport,
  ImportPrefix,
  DottedName,
  AliasedImport,
  Wildcard,
  Assert,
  // expressions
  Identifier,
  Integer,
  Float,
  String,
  StringStart,
  StringContent,
  StringEnd,
  Interpolation,
  TypeConversion,
  FormatSpecifier,
  FormatExpression,
  ConcatenatedString,
  True,
  False,
  None,
  Ellipsis,
  ListDisplay,
  Tuple,
  Dictionary,
  Set,
  Pair,
  ListComprehension,
  DictionaryComprehension,
  SetComprehension,
  Generator,
  ForIn,
  IfClause,
  Parenthesized,
  ExpressionList,
  Binary,
  Unary,
  Not,
  Boolean,
  Comparison,
  Conditional,
  Lambda,
  Named,
  AttributeAccess,
  Subscript,
  Slice,
  Call,
  ArgumentList,
  KeywordArgument,
  ListSplat,
  DictionarySplat,
  AsPattern,
  AsPatternTarget,
  // patterns and parameters
  PatternList,
  TuplePattern,
  ListPattern,
  ListSplatPattern,
  DictionarySplatPattern,
  Parameters,
  LambdaParameters,
  DefaultParameter,
  TypedParameter,
  TypedDefaultParameter,
  KeywordSeparator,
  PositionalSeparator,
  Type,
  // known to the grammar, not to the evaluator
  Other,
};

/// One node of the syntax tree, without comments.
struct Node {
  Kind kind = Kind::Other;
  std::string_view type;    ///< the grammar's name
  std::string_view field;   ///< what the node is to its parent, or empty
  std::uint32_t begin = 0;  ///< bytes in Tree::text
  std::uint32_t end = 0;
  int line = 0;
  int column = 0;
  std::string_view mangled;  ///< of a class's private name (`__x`): what Python makes of it
  std::vector<const Node*> children;  ///< tokens included

  const Node* child(std::string_view field_name) const;  ///< null where there is none
  /// The children that are no tokens.
  std::vector<const Node*> named() const;
  bool has_token(std::string_view token) const;
};

/// A parsed file. The nodes live as long as the tree.
class Tree {
 public:
  /// Throws Error{NotUnderstood} with line and column for what is no Python: a syntax error, a NUL,
  /// bytes that are not UTF-8, a file beyond 16 MiB.
  Tree(std::string file, std::string_view text);

  const Node& root() const { return nodes_.front(); }
  const std::string& file() const { return file_; }
  /// As it stands in the source; a private name as Python knows it.
  std::string_view text(const Node& node) const;
  Place place(const Node& node) const { return {file_, node.line, node.column}; }

 private:
  void mangle(Node& name, const std::vector<Node*>& parents);

  std::string file_;
  std::string text_;
  std::deque<Node> nodes_;
  std::deque<std::string> mangled_;
};

}  // namespace driftd::python
