#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Small helpers over text that several rooms need.
namespace driftd {

std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);  ///< ASCII only
std::vector<std::string> split(std::string_view text, char separator);

/// The whole file as bytes. Throws Error{Settings} that names the file when it cannot be read.
std::string read_file(const std::string& path);

/// The candidate that a person most likely meant, or empty when none is near (Levenshtein
/// distance of at most a third of the word).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// Glob with `*` (any run) and `?` (one byte); everything else stands for itself.
bool glob_matches(std::string_view pattern, std::string_view text);

/// Valid UTF-8 as it is; every byte that is no part of it becomes U+FFFD. For names from
/// SQL_ASCII databases: one bad byte makes Prometheus refuse a whole scrape.
std::string valid_utf8(std::string_view bytes);

/// An SQL identifier, always quoted: `"` doubled.
std::string quote_identifier(std::string_view name);
/// As PostgreSQL's quote_literal: `'` doubled, and `E'..'` where there is a backslash.
std::string quote_literal(std::string_view text);

}  // namespace driftd
