#include <gmock/gmock.h>

#include <algorithm>

#include "expected_schema/alembic/revision.h"

namespace driftd::alembic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Revision revision(std::string id, std::vector<std::string> down,
                  std::vector<std::string> depends_on = {}, std::vector<std::string> labels = {}) {
  Revision result;
  result.file = "versions/" + id + ".py";
  result.id = std::move(id);
  result.down_revisions = std::move(down);
  result.depends_on = std::move(depends_on);
  result.branch_labels = std::move(labels);
  return result;
}

std::vector<std::string> ids(const RevisionGraph& graph) {
  std::vector<std::string> result;
  for (const Revision& each : graph.revisions()) result.push_back(each.id);
  return result;
}

Error refusal(std::vector<Revision> revisions) {
  try {
    const RevisionGraph graph(std::move(revisions));
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("nothing was refused");
}

std::vector<std::string> ancestors(const RevisionGraph& graph,
                                   const std::vector<std::string>& heads) {
  std::vector<std::string> result;
  for (const Revision* each : graph.ancestors(heads)) result.push_back(each->id);
  return result;
}

/// Three heads, two bases, a merge and a dependency across branches.
std::vector<Revision> branched() {
  return {revision("d_two", {"d_one"}, {"b_one"}),
          revision("a_two", {"a_one"}),
          revision("merge", {"b_two", "c_one"}),
          revision("root", {}),
          revision("c_one", {"root"}),
          revision("b_one", {"root"}),
          revision("b_two", {"b_one"}),
          revision("d_one", {}),
          revision("a_one", {"root"})};
}

TEST(Graph, ParentsComeFirstAndAMergesBranchesLastOneFirst) {
  const RevisionGraph graph({revision("merge", {"b", "c"}), revision("c", {"base"}),
                             revision("b", {"base"}), revision("base", {})});
  EXPECT_THAT(ids(graph), ElementsAre("base", "c", "b", "merge"));
  EXPECT_THAT(graph.heads(), ElementsAre("merge"));
}

// The orders here are what Alembic 1.8.1 says of the same revisions.
TEST(Graph, BranchesRunInAlembicsOrder) {
  const RevisionGraph graph(branched());
  EXPECT_THAT(ids(graph), ElementsAre("root", "c_one", "b_one", "b_two", "merge", "a_one", "a_two",
                                      "d_one", "d_two"));
  EXPECT_THAT(ancestors(graph, {"a_two", "b_two"}),
              ElementsAre("root", "b_one", "b_two", "a_one", "a_two"));
  EXPECT_THAT(ancestors(graph, {"d_two", "merge"}),
              ElementsAre("root", "c_one", "b_one", "b_two", "merge", "d_one", "d_two"));
}

TEST(Graph, HeadsGoInTheOrderInWhichTheirFilesAreRead) {
  std::vector<Revision> revisions = branched();
  std::sort(revisions.begin(), revisions.end(),
            [](const Revision& one, const Revision& other) { return one.id < other.id; });
  EXPECT_THAT(ids(RevisionGraph(revisions)), ElementsAre("root", "c_one", "b_one", "b_two", "merge",
                                                         "d_one", "d_two", "a_one", "a_two"));
}

TEST(Graph, AHeadThatAnotherNeedsChangesNothing) {
  const RevisionGraph graph(branched());
  EXPECT_EQ(ancestors(graph, {"b_one", "d_two", "merge"}), ancestors(graph, {"merge", "d_two"}));
}

TEST(Graph, DependsOnByIdPartAndLabelIsObeyed) {
  const RevisionGraph graph({revision("aaaa1", {}, {"zz"}), revision("bbbb1", {}, {"yyyy"}),
                             revision("yyyy999", {}), revision("zzzz999", {}, {}, {"zz"})});
  EXPECT_THAT(ids(graph), ElementsAre("yyyy999", "bbbb1", "zzzz999", "aaaa1"));
  EXPECT_EQ(graph.heads().size(), 4U);
}

TEST(Graph, AncestorsAreWhatARevisionNeeds) {
  const RevisionGraph graph(
      {revision("a", {}), revision("b", {"a"}), revision("c", {"a"}), revision("d", {"c"})});
  EXPECT_THAT(ancestors(graph, {"d"}), ElementsAre("a", "c", "d"));
  EXPECT_THAT(graph.ancestors({}), IsEmpty());
}

TEST(Graph, PartOfAnIdIsFoundFromFourCharactersOnWhereOnlyOneHasIt) {
  const RevisionGraph graph({revision("abcd1", {}), revision("abcd2", {}), revision("abce", {})});
  EXPECT_EQ(graph.find("abcd"), nullptr);
  EXPECT_EQ(graph.find("abc"), nullptr);
  ASSERT_NE(graph.find("abcd2"), nullptr);
  EXPECT_EQ(graph.find("abce")->id, "abce");
}

TEST(Graph, TwoFilesOfOneIdAreNamed) {
  const Error error = refusal({revision("a", {}), revision("a", {})});
  EXPECT_EQ(error.reason(), Reason::History);
  EXPECT_THAT(error.message(), HasSubstr("versions/a.py"));
}

TEST(Graph, AMissingParentIsNamedWithTheFile) {
  const Error error = refusal({revision("a", {"gone"})});
  EXPECT_EQ(error.message(), "revision a has the down_revision gone, which no file has");
  EXPECT_EQ(error.place().file, "versions/a.py");
}

TEST(Graph, ACircleIsNamedWithItsFiles) {
  const Error error = refusal({revision("a", {"b"}), revision("b", {"a"}), revision("c", {})});
  EXPECT_EQ(error.message(), "revisions that need each other: versions/a.py, versions/b.py");
}

}  // namespace
}  // namespace driftd::alembic
