import Testing

@testable import Panel

@Suite struct LineWrapTests {
  @Test("Lines are broken at spaces, and filled to the last column")
  func words() {
    #expect(LineWrap.lines("aa bb cc", width: 5) == ["aa bb", "cc"])
    #expect(LineWrap.lines("aa bb cc", width: 4) == ["aa", "bb", "cc"])
    #expect(LineWrap.lines("  aa   bb ", width: 8) == ["aa bb"])
    #expect(LineWrap.lines("", width: 8) == [""])
  }

  @Test("A word longer than a line is broken where the line ends; nothing of it is lost")
  func longWords() {
    #expect(LineWrap.lines("ab cdefghij", width: 4) == ["ab", "cdef", "ghij"])
    #expect(LineWrap.lines("가나다라", width: 5) { ColumnWidth.columns($0) } == ["가나", "다라"])
    #expect(LineWrap.lines("abc", width: -1) == ["ab", "c"])
  }
}
