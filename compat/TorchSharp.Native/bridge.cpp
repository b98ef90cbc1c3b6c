// A C ABI over the ATen dispatcher: operators by name with boxed values, and the little that is no operator
// (autograd, generators, threads, devices). It compiles unchanged against libtorch 1.13 and later, CPU or CUDA.
//
// A tensor handle is an owned reference to its TensorImpl. Every function returns null, or the error's text,
// which is valid until the next call on the same thread.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/version.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>
#include <vector>

#define PB extern "C" __attribute__((visibility("default")))

namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 5)
template <class T>
using Optional = std::optional<T>;
#else
template <class T>
using Optional = c10::optional<T>;
#endif

using at::IValue;
using at::Tensor;
using torch::autograd::variable_list;

enum Tag : int32_t {
    kNone, kTensor, kInt, kDouble, kBool, kInts, kTensors, kOptionalTensors, kString, kDevice, kGenerator, kDefault,
};

struct Value {
    int32_t tag;
    int32_t count;
    union { int64_t i; double d; void* p; };
};

struct Operator {
    c10::OperatorHandle handle;
    std::string name;
};

std::atomic<int64_t> live_handles{0};
thread_local std::string last_error;
thread_local std::vector<Value> results;

template <class F>
const char* guarded(const char* what, F&& body) noexcept {
    try {
        body();
        return nullptr;
    } catch (const c10::Error& e) {
        last_error = std::string(what) + ": " + e.what_without_backtrace();
    } catch (const std::exception& e) {
        last_error = std::string(what) + ": " + e.what();
    } catch (...) {
        last_error = std::string(what) + ": unknown native error";
    }
    return last_error.c_str();
}

void* own(Tensor t) {
    if (!t.defined()) return nullptr;
    live_handles.fetch_add(1, std::memory_order_relaxed);
    return t.unsafeReleaseTensorImpl();
}

Tensor borrow(void* handle) {
    if (handle == nullptr) return Tensor();
    return Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(
        static_cast<c10::TensorImpl*>(handle)));
}

variable_list borrow_all(void* const* handles, int64_t count) {
    variable_list list;
    list.reserve(count);
    for (int64_t i = 0; i < count; i++) list.push_back(borrow(handles[i]));
    return list;
}

at::Generator generator_of(void* handle) {
    return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(handle)));
}

c10::Device device_of(int64_t packed) {
    return c10::Device(static_cast<c10::DeviceType>(packed >> 32), static_cast<c10::DeviceIndex>(static_cast<int32_t>(packed)));
}

IValue optional_tensors(void* const* handles, int64_t count) {
    c10::List<Optional<Tensor>> list;
    list.reserve(count);
    for (int64_t i = 0; i < count; i++) {
        if (handles[i] == nullptr) list.push_back(Optional<Tensor>());
        else list.push_back(Optional<Tensor>(borrow(handles[i])));
    }
    return IValue(std::move(list));
}

IValue default_of(const c10::Argument& argument) {
    if (argument.default_value().has_value()) return *argument.default_value();
    return IValue();
}

IValue to_ivalue(const Value& v, const c10::Argument& argument) {
    switch (v.tag) {
        case kTensor: return IValue(borrow(v.p));
        case kInt: return IValue(v.i);
        case kDouble: return IValue(v.d);
        case kBool: return IValue(v.i != 0);
        case kInts: return IValue(c10::ArrayRef<int64_t>(static_cast<const int64_t*>(v.p), v.count));
        case kTensors: return IValue(c10::List<Tensor>(at::TensorList(borrow_all(static_cast<void* const*>(v.p), v.count))));
        case kOptionalTensors: return optional_tensors(static_cast<void* const*>(v.p), v.count);
        case kString: return IValue(std::string(static_cast<const char*>(v.p), v.count));
        case kDevice: return IValue(device_of(v.i));
        case kGenerator: return IValue(generator_of(v.p));
        case kDefault: return default_of(argument);
        default: return IValue();
    }
}

void push_result(IValue&& value) {
    Value out{kNone, 0, {0}};
    if (value.isTensor()) {
        out.tag = kTensor;
        out.p = own(std::move(value).toTensor());
    } else if (value.isTensorList()) {
        for (const Tensor& t : value.toTensorVector()) {
            Value item{kTensor, 0, {0}};
            item.p = own(t);
            results.push_back(item);
        }
        return;
    } else if (value.isDouble()) {
        out.tag = kDouble;
        out.d = value.toDouble();
    } else if (value.isBool()) {
        out.tag = kBool;
        out.i = value.toBool();
    } else if (value.isInt()) {
        out.tag = kInt;
        out.i = value.toInt();
    }
    results.push_back(out);
}

const c10::impl::DeviceGuardImplInterface* cuda_guard() {
    return c10::impl::device_guard_impl_registry[static_cast<size_t>(c10::DeviceType::CUDA)].load();
}

// ---- custom autograd functions: forward and backward are managed callbacks ----

using ForwardCallback = int32_t (*)(void* state, void* context, void** outputs, int32_t capacity);
using BackwardCallback = int32_t (*)(void* state, void* context, void** grads, int32_t grad_count, void** outputs, int32_t output_count);
using ReleaseCallback = void (*)(void* state);

ForwardCallback forward_callback = nullptr;
BackwardCallback backward_callback = nullptr;
ReleaseCallback release_callback = nullptr;
constexpr int32_t kMaxOutputs = 64;

// Keeps the managed side alive for as long as the graph may call back.
struct ManagedState : torch::CustomClassHolder {
    void* state;
    int64_t inputs;
    ManagedState(void* s, int64_t n) : state(s), inputs(n) {}
    ~ManagedState() override { release_callback(state); }
};

// Takes over handles that the managed side gave up.
variable_list adopt_all(void** handles, int32_t count) {
    variable_list list;
    for (int32_t i = 0; i < count; i++) {
        if (handles[i] == nullptr) {
            list.emplace_back();
            continue;
        }
        live_handles.fetch_sub(1, std::memory_order_relaxed);
        list.push_back(Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(
            static_cast<c10::TensorImpl*>(handles[i]))));
    }
    return list;
}

struct ManagedFunction : torch::autograd::Function<ManagedFunction> {
    // The tensors are named only for the graph's sake; the managed side has its own wrappers of them.
    template <class... Tensors>
    static variable_list forward(torch::autograd::AutogradContext* ctx, c10::intrusive_ptr<ManagedState> state, Tensors...) {
        ctx->saved_data["managed"] = IValue::make_capsule(state);
        void* outputs[kMaxOutputs];
        int32_t count = forward_callback(state->state, ctx, outputs, kMaxOutputs);
        TORCH_CHECK(count >= 0, "the managed forward failed");
        return adopt_all(outputs, count);
    }

    static variable_list backward(torch::autograd::AutogradContext* ctx, variable_list grads) {
        auto capsule = ctx->saved_data["managed"].toCapsule();
        auto* state = static_cast<ManagedState*>(capsule.get());
        std::vector<void*> in, out(state->inputs, nullptr);
        for (auto& g : grads) in.push_back(own(g));
        int32_t status = backward_callback(state->state, ctx, in.data(), static_cast<int32_t>(in.size()), out.data(), static_cast<int32_t>(out.size()));
        TORCH_CHECK(status >= 0, "the managed backward failed");
        variable_list result = adopt_all(out.data(), static_cast<int32_t>(out.size()));
        result.insert(result.begin(), Tensor());  // for the state argument
        return result;
    }
};

// libtorch sees only arguments that are single tensors: spread the list.
constexpr size_t kMaxInputs = 12;

template <size_t... I>
variable_list apply_spread(const c10::intrusive_ptr<ManagedState>& state, const variable_list& inputs, std::index_sequence<I...>) {
    return ManagedFunction::apply(state, inputs[I]...);
}

template <size_t N = kMaxInputs>
variable_list apply_function(const c10::intrusive_ptr<ManagedState>& state, const variable_list& inputs) {
    if (inputs.size() == N) return apply_spread(state, inputs, std::make_index_sequence<N>());
    if constexpr (N > 1) return apply_function<N - 1>(state, inputs);
    TORCH_CHECK(false, "takes 1 to ", kMaxInputs, " tensors, not ", inputs.size());
}

// The CUDA kernels live in a library of their own, which nothing here refers to. It has to come before the first call into
// libtorch, which remembers whether there is CUDA; where there is no driver it is left alone.
void load_cuda() {
    if (access("/dev/nvidiactl", F_OK) == 0 || access("/dev/dxg", F_OK) == 0) dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
}

// glibc gives freed pages back and faults them in again at every step; keeping them is worth 6-17 % of a training step.
__attribute__((constructor)) void prepare() {
    load_cuda();
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the largest that glibc takes
    mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
    mallopt(M_TOP_PAD, 64 << 20);
}

}  // namespace

PB const char* pb_version() { return TORCH_VERSION; }

PB int64_t pb_live_handles() { return live_handles.load(); }

// name: "aten::add.Tensor"; the part after the dot is the overload. Leaves *op null when this libtorch lacks it.
PB const char* pb_find(const char* name, void** op) {
    return guarded(name, [&] {
        std::string full(name);
        size_t dot = full.find('.');
        auto handle = c10::Dispatcher::singleton().findSchema(
            {full.substr(0, dot), dot == std::string::npos ? "" : full.substr(dot + 1)});
        *op = handle.has_value() ? new Operator{*handle, full} : nullptr;
    });
}

PB const char* pb_call(void* op, const Value* args, int32_t count, const Value** out, int32_t* out_count) {
    auto* o = static_cast<Operator*>(op);
    return guarded(o->name.c_str(), [&] {
        const auto& formals = o->handle.schema().arguments();
        TORCH_CHECK(count <= static_cast<int32_t>(formals.size()), "takes ", formals.size(), " arguments, not ", count);
        torch::jit::Stack stack;
        stack.reserve(formals.size());
        for (int32_t i = 0; i < count; i++) stack.push_back(to_ivalue(args[i], formals[i]));
        for (size_t i = count; i < formals.size(); i++) stack.push_back(default_of(formals[i]));
        o->handle.callBoxed(&stack);
        if (out == nullptr) return;
        results.clear();
        for (auto& value : stack) push_result(std::move(value));
        *out = results.data();
        *out_count = static_cast<int32_t>(results.size());
    });
}

// ---- tensors ----

PB void pb_free(void* tensor) {
    if (tensor == nullptr) return;
    live_handles.fetch_sub(1, std::memory_order_relaxed);
    c10::raw::intrusive_ptr::decref(static_cast<c10::TensorImpl*>(tensor));
}

PB void* pb_share(void* tensor) { return own(borrow(tensor)); }

PB const char* pb_from_memory(const void* data, int64_t bytes, const int64_t* sizes, int32_t dims, int32_t dtype, void** out) {
    return guarded("tensor", [&] {
        at::NoGradGuard no_grad;
        auto t = at::empty(at::IntArrayRef(sizes, dims), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
        TORCH_CHECK(static_cast<int64_t>(t.nbytes()) == bytes, "the array has ", bytes, " bytes, the shape needs ", t.nbytes());
        if (bytes > 0) std::memcpy(t.data_ptr(), data, bytes);
        *out = own(t);
    });
}

// Aliases memory of the caller; release(state) runs when the last reference is gone.
PB const char* pb_from_blob(void* data, const int64_t* sizes, int32_t dims, int32_t dtype, void* state, ReleaseCallback release, void** out) {
    return guarded("frombuffer", [&] {
        *out = own(at::from_blob(data, at::IntArrayRef(sizes, dims), [state, release](void*) { release(state); },
                                 at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
    });
}

PB int32_t pb_dim(void* tensor) { return static_cast<int32_t>(static_cast<c10::TensorImpl*>(tensor)->dim()); }

PB void pb_sizes(void* tensor, int64_t* out) {
    auto sizes = static_cast<c10::TensorImpl*>(tensor)->sizes();
    std::memcpy(out, sizes.data(), sizes.size() * sizeof(int64_t));
}

PB void pb_strides(void* tensor, int64_t* out) {
    auto strides = static_cast<c10::TensorImpl*>(tensor)->strides();
    std::memcpy(out, strides.data(), strides.size() * sizeof(int64_t));
}

PB int64_t pb_numel(void* tensor) { return static_cast<c10::TensorImpl*>(tensor)->numel(); }

PB int32_t pb_dtype(void* tensor) { return static_cast<int32_t>(borrow(tensor).scalar_type()); }

PB int64_t pb_device(void* tensor) {
    auto device = static_cast<c10::TensorImpl*>(tensor)->device();
    return (static_cast<int64_t>(device.type()) << 32) | static_cast<uint32_t>(static_cast<int32_t>(device.index()));
}

PB int64_t pb_storage_offset(void* tensor) { return static_cast<c10::TensorImpl*>(tensor)->storage_offset(); }

PB int32_t pb_is_contiguous(void* tensor) { return borrow(tensor).is_contiguous(); }

PB int32_t pb_is_leaf(void* tensor) { return borrow(tensor).is_leaf(); }

PB int32_t pb_is_pinned(void* tensor) { return borrow(tensor).is_pinned(); }

PB const char* pb_data(void* tensor, void** out) {
    return guarded("data", [&] { *out = borrow(tensor).data_ptr(); });
}

PB int32_t pb_requires_grad(void* tensor) { return borrow(tensor).requires_grad(); }

PB const char* pb_set_requires_grad(void* tensor, int32_t value) {
    return guarded("requires_grad_", [&] { borrow(tensor).set_requires_grad(value != 0); });
}

PB const char* pb_grad(void* tensor, void** out) {
    return guarded("grad", [&] { *out = own(borrow(tensor).grad()); });
}

PB const char* pb_set_grad(void* tensor, void* grad) {
    return guarded("grad", [&] {
        Tensor t = borrow(tensor), g = borrow(grad);
        TORCH_CHECK(!g.defined() || g.sizes() == t.sizes(), "a gradient of shape ", g.sizes(), " for a tensor of shape ", t.sizes());
        t.mutable_grad() = g;
    });
}

PB const char* pb_retain_grad(void* tensor) {
    return guarded("retain_grad", [&] { borrow(tensor).retain_grad(); });
}

// ---- autograd ----

PB const char* pb_backward(void* const* tensors, int32_t count, void* const* grads, int32_t grad_count, int32_t retain, int32_t create,
                           void* const* inputs, int32_t input_count) {
    return guarded("backward", [&] {
        Optional<bool> keep;
        if (retain >= 0) keep = retain != 0;
        torch::autograd::backward(borrow_all(tensors, count), borrow_all(grads, grad_count), keep, create != 0, borrow_all(inputs, input_count));
    });
}

PB const char* pb_autograd_grad(void* const* outputs, int32_t count, void* const* inputs, int32_t input_count, void* const* grads,
                                int32_t grad_count, int32_t retain, int32_t create, int32_t allow_unused, void** out) {
    return guarded("autograd.grad", [&] {
        auto list = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count), borrow_all(grads, grad_count),
                                          retain != 0, create != 0, allow_unused != 0);
        for (size_t i = 0; i < list.size(); i++) out[i] = own(list[i]);
    });
}

PB int32_t pb_grad_enabled() { return at::GradMode::is_enabled(); }

PB void pb_set_grad_enabled(int32_t on) { at::GradMode::set_enabled(on != 0); }

PB void* pb_inference_begin(int32_t on) { return new c10::InferenceMode(on != 0); }

PB void pb_inference_end(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

PB int32_t pb_inference_enabled() { return c10::InferenceMode::is_enabled(); }

PB void pb_function_callbacks(ForwardCallback forward, BackwardCallback backward, ReleaseCallback release) {
    forward_callback = forward;
    backward_callback = backward;
    release_callback = release;
}

PB const char* pb_function_apply(void* state, void* const* inputs, int32_t count, const Value** out, int32_t* out_count) {
    auto holder = c10::make_intrusive<ManagedState>(state, count);
    return guarded("autograd function", [&] {
        auto outputs = apply_function(holder, borrow_all(inputs, count));
        results.clear();
        for (auto& t : outputs) {
            Value item{kTensor, 0, {0}};
            item.p = own(t);
            results.push_back(item);
        }
        *out = results.data();
        *out_count = static_cast<int32_t>(results.size());
    });
}

PB const char* pb_context_save(void* context, void* const* tensors, int32_t count) {
    return guarded("save_for_backward", [&] {
        static_cast<torch::autograd::AutogradContext*>(context)->save_for_backward(borrow_all(tensors, count));
    });
}

PB const char* pb_context_saved(void* context, const Value** out, int32_t* out_count) {
    return guarded("get_saved_variables", [&] {
        results.clear();
        for (auto& t : static_cast<torch::autograd::AutogradContext*>(context)->get_saved_variables()) {
            Value item{kTensor, 0, {0}};
            item.p = own(t);
            results.push_back(item);
        }
        *out = results.data();
        *out_count = static_cast<int32_t>(results.size());
    });
}

PB const char* pb_context_mark(void* context, int32_t dirty, void* const* tensors, int32_t count) {
    return guarded("mark", [&] {
        auto* ctx = static_cast<torch::autograd::AutogradContext*>(context);
        if (dirty != 0) ctx->mark_dirty(borrow_all(tensors, count));
        else ctx->mark_non_differentiable(borrow_all(tensors, count));
    });
}

PB void pb_context_materialize(void* context, int32_t on) {
    static_cast<torch::autograd::AutogradContext*>(context)->set_materialize_grads(on != 0);
}

// ---- generators, threads, devices ----

PB const char* pb_generator_new(uint64_t seed, int64_t device, void** out) {
    return guarded("Generator", [&] {
        auto d = device_of(device);
        auto g = d.is_cpu() ? at::make_generator<at::CPUGeneratorImpl>(seed) : at::globalContext().defaultGenerator(d).clone();
        if (!d.is_cpu()) g.set_current_seed(seed);
        *out = g.unsafeReleaseGeneratorImpl();
    });
}

PB const char* pb_generator_default(int64_t device, void** out) {
    return guarded("Generator", [&] {
        at::Generator g = at::globalContext().defaultGenerator(device_of(device));
        *out = g.unsafeReleaseGeneratorImpl();
    });
}

PB void pb_generator_free(void* generator) {
    c10::raw::intrusive_ptr::decref(static_cast<c10::GeneratorImpl*>(generator));
}

PB const char* pb_generator_seed(void* generator, uint64_t seed) {
    return guarded("manual_seed", [&] {
        auto g = generator_of(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_current_seed(seed);
    });
}

PB uint64_t pb_generator_current_seed(void* generator) { return generator_of(generator).current_seed(); }

PB const char* pb_generator_random_seed(void* generator, uint64_t* out) {
    return guarded("seed", [&] {
        auto g = generator_of(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        *out = g.seed();
    });
}

PB const char* pb_generator_state(void* generator, void** out) {
    return guarded("get_state", [&] { *out = own(generator_of(generator).get_state()); });
}

PB const char* pb_generator_set_state(void* generator, void* state) {
    return guarded("set_state", [&] {
        auto g = generator_of(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_state(borrow(state));
    });
}

PB const char* pb_manual_seed(int64_t seed) {
    return guarded("manual_seed", [&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

PB int32_t pb_num_threads() { return at::get_num_threads(); }

PB const char* pb_set_num_threads(int32_t count) {
    return guarded("set_num_threads", [&] { at::set_num_threads(count); });
}

PB int32_t pb_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }

PB int32_t pb_cuda_count() {
    auto* guard = cuda_guard();
    return guard == nullptr ? 0 : static_cast<int32_t>(guard->deviceCount());
}

PB const char* pb_cuda_synchronize() {
    return guarded("cuda.synchronize", [&] {
        auto* synchronize = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "cudaDeviceSynchronize"));
        TORCH_CHECK(synchronize != nullptr, "no CUDA runtime is loaded");
        int status = synchronize();
        TORCH_CHECK(status == 0, "CUDA error ", status);
    });
}

// what: 0 = TF32 in cuBLAS, 1 = TF32 in cuDNN.
PB int32_t pb_flag(int32_t what) {
    auto& context = at::globalContext();
    return what == 0 ? context.allowTF32CuBLAS() : context.allowTF32CuDNN();
}

PB const char* pb_set_flag(int32_t what, int32_t on) {
    return guarded("backends", [&] {
        auto& context = at::globalContext();
        if (what == 0) context.setAllowTF32CuBLAS(on != 0);
        else context.setAllowTF32CuDNN(on != 0);
    });
}
