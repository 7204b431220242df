/// Groups of rows, in pages of so many rows.
enum PagePacking {
  /// As many groups to a page as fit whole; one that is longer than a page goes on on the next.
  static func pages<Row>(of groups: [[Row]], height: Int) -> [[Row]] {
    let height = max(1, height)
    var pages: [[Row]] = []
    var page: [Row] = []
    for group in groups {
      if !page.isEmpty && page.count + group.count > height {
        pages.append(page)
        page = []
      }
      for row in group {
        if page.count == height {
          pages.append(page)
          page = []
        }
        page.append(row)
      }
    }
    return page.isEmpty ? pages : pages + [page]
  }
}
