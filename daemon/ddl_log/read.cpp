#include "daemon/ddl_log/read.h"

#include <charconv>

namespace driftd::ddl_log {
namespace {

constexpr const char* read_sql = R"sql(
SELECT (extract(epoch FROM at) * 1000)::bigint, transaction_id, login_role, acting_role, application,
       client, pid, tag, object, dropped, statement
  FROM driftd.ddl_log
 WHERE (object = ANY ($1::text[]) OR object IS NULL)
   AND ($2::txid_snapshot IS NULL OR NOT txid_visible_in_snapshot(transaction_id, $2))
   AND ($3::txid_snapshot IS NULL OR txid_visible_in_snapshot(transaction_id, $3))
 ORDER BY id DESC
 LIMIT 1000)sql";

std::string array_of(const std::vector<std::string>& texts) {
  std::string array = "{";
  for (const std::string& text : texts) {
    if (array.size() > 1) array += ',';
    array += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return array + '}';
}

std::optional<std::string> bound(const std::string& visible) {
  if (visible.empty()) return std::nullopt;
  return visible;
}

template <typename Number>
Number number(const std::string& text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<Entry> read(Snapshot& snapshot, const Window& window,
                        const std::vector<std::string>& names) {
  const Rows rows =
      snapshot.query(read_sql, {array_of(names), bound(window.after), bound(window.until)});
  std::vector<Entry> entries;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Entry entry;
    ChangedBy& by = entry.by;
    by.at += std::chrono::milliseconds(number<std::int64_t>(rows.text(row, 0)));
    entry.transaction = rows.text(row, 1);
    by.login_role = rows.text(row, 2);
    by.acting_role = rows.text(row, 3);
    by.application = rows.text(row, 4);
    by.client = rows.at(row, 5).value_or("");
    by.pid = number<int>(rows.text(row, 6));
    by.tag = rows.text(row, 7);
    by.object = rows.at(row, 8).value_or("");
    entry.dropped = rows.at(row, 9) == "t";
    if (const auto statement = rows.at(row, 10)) by.statement = *statement;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace driftd::ddl_log
