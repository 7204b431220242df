import Foundation
import FoundationXML

/// Takes a container apart as its elements come by.
protocol ElementHandler {
  /// The root's start: its name and attributes.
  mutating func open(_ root: Element) throws(PSKCError)
  /// A child of the root, whole. False ends reading.
  mutating func take(_ child: Element) throws(PSKCError) -> Bool
}

/// Reads a file with FoundationXML's parser, one child of the root in memory at a time.
///
/// XMLParser lets libxml2 carry on after an error, and calls a file that ends early a success. Here
/// the first error ends it, and so does a root that was never closed.
final class ElementReader<Handler: ElementHandler>: NSObject, XMLParserDelegate {
  private var handler: Handler
  private let limits: PSKCLimits
  private var open: [Element] = []
  private var elementCount = 0
  private var outcome: Outcome = .reading

  private enum Outcome {
    case reading
    case finished
    case failed(PSKCError)
  }

  private init(_ handler: Handler, limits: PSKCLimits) {
    self.handler = handler
    self.limits = limits
  }

  /// The handler as it is after the whole file, or after it wanted no more.
  static func read(
    _ bytes: [UInt8], limits: PSKCLimits, with handler: Handler
  ) throws(PSKCError) -> Handler {
    try MarkupGuard.check(bytes, limits: limits)
    let reader = ElementReader(handler, limits: limits)
    // From a stream: it is parsed in pieces. libxml2 refuses more than 10 MB in one piece.
    let parser = XMLParser(stream: InputStream(data: Data(bytes)))
    parser.shouldProcessNamespaces = true
    parser.externalEntityResolvingPolicy = .never
    parser.delegate = reader
    _ = parser.parse()
    switch reader.outcome {
    case .reading: throw PSKCError(.truncated)
    case .failed(let error): throw error
    case .finished: return reader.handler
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    guard case .reading = outcome else { return }
    let element = Element(
      name: name, namespace: namespaceURI ?? "", path: path(of: name), attributes: attributes)
    attempt(parser) { () throws(PSKCError) in
      try self.start(element)
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard case .reading = outcome, let element = open.popLast() else { return }
    switch open.count {
    case 0:
      outcome = .finished
    case 1:
      attempt(parser) { () throws(PSKCError) in
        if try !self.handler.take(element) { self.stop(parser, .finished) }
      }
    default:
      open[open.count - 1].children.append(element)
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    guard open.count > 1 else { return }
    open[open.count - 1].text += string
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    if case .failed = outcome { return }
    // XML_ERR_DOCUMENT_END, for a file that ends early and for one that goes on. XMLParser.ErrorCode
    // has another number for it.
    let endsEarly = (error as NSError).code == 5
    if case .reading = outcome, endsEarly {
      stop(parser, .failed(PSKCError(.truncated)))
    } else {
      stop(parser, .failed(PSKCError(.malformed(line: parser.lineNumber))))
    }
  }

  private func start(_ element: Element) throws(PSKCError) {
    guard open.count < limits.depth else {
      throw element.error(.tooDeep(maximum: limits.depth))
    }
    if open.count <= 1 { elementCount = 0 }
    elementCount += 1
    guard elementCount <= limits.elementsPerPackage else {
      throw element.error(.tooManyElements(maximum: limits.elementsPerPackage))
    }
    if open.isEmpty { try handler.open(element) }
    open.append(element)
  }

  private func path(of name: String) -> String {
    guard let parent = open.last else { return "" }
    return parent.path.isEmpty ? name : "\(parent.path)/\(name)"
  }

  private func attempt(_ parser: XMLParser, _ body: () throws(PSKCError) -> Void) {
    do {
      try body()
    } catch {
      stop(parser, .failed(error))
    }
  }

  private func stop(_ parser: XMLParser, _ outcome: Outcome) {
    self.outcome = outcome
    parser.abortParsing()
  }
}
