#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace driftd {

/// The name an object has among its brothers: `email` of `app.users.email`, `users_pkey` of
/// `users_pkey on app.users`, `f` of `app.f(integer)`; quotes stay.
std::string_view own_name(std::string_view identity);

/// The dotted name that other objects' definitions use: `app.users`, `app.f` of `app.f(integer)`;
/// empty for `users_pkey on app.users`, which nobody names that way.
std::string_view dotted_name(std::string_view identity);

/// Puts names in the place of others in texts that PostgreSQL printed, whole names only.
class Substitution {
 public:
  /// `app.users`, also at the front of `app.users.email`, also within a literal
  /// (`nextval('app.users_id_seq'::regclass)`).
  void add_dotted(std::string_view from, std::string_view to);
  /// A single name or the last part of a dotted one; not within a literal.
  void add_bare(std::string_view from, std::string_view to);

  bool empty() const { return dotted_.empty() && bare_.empty(); }
  std::string apply(std::string_view text) const;

 private:
  using Names = std::map<std::string, std::string, std::less<>>;
  void append_name(std::string& result, std::string_view name, bool in_literal) const;

  Names dotted_;
  Names bare_;
};

}  // namespace driftd
