import Reader
import ReaderUSB

extension ReaderError {
  /// What the system shows about a USB reader that did not open.
  init(_ obstacle: Obstacle, at name: String = "the reader") {
    switch obstacle {
    case .notThere: self = .notFound(name)
    case .permission(let node): self = .permission(node)
    case .kernelDriver(let driver):
      self = .claimed("the kernel's driver \(driver) has it (sudo modprobe -r \(driver))")
    case .process(let process): self = .claimed("\(process.description) has it")
    case .claimed(let node): self = .claimed("some program has claimed \(node)")
    }
  }
}
