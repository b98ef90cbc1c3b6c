using System.Collections;

namespace TorchSharp.Modules;

/// <summary>Modules in order, registered under their positions.</summary>
public class ModuleList<T> : torch.nn.Module, IList<T>
    where T : torch.nn.Module
{
    private readonly List<T> _list = [];

    public ModuleList(params T[] modules)
        : base("ModuleList")
    {
        _list.AddRange(modules);
        RegisterComponents();
    }

    public int Count => _list.Count;

    public bool IsReadOnly => false;

    public T this[int index]
    {
        get => _list[index];
        set => Change(() => _list[index] = value);
    }

    public void Add(T item) => Change(() => _list.Add(item));

    public void append(params T[] parameters) => Change(() => _list.AddRange(parameters));

    public void extend(IEnumerable<T> modules) => Change(() => _list.AddRange(modules));

    public void Insert(int index, T item) => Change(() => _list.Insert(index, item));

    public bool Remove(T item)
    {
        var removed = false;
        Change(() => removed = _list.Remove(item));
        return removed;
    }

    public void RemoveAt(int index) => Change(() => _list.RemoveAt(index));

    public void Clear() => Change(_list.Clear);

    public bool Contains(T item) => _list.Contains(item);

    public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

    public int IndexOf(T item) => _list.IndexOf(item);

    public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected override void RegisterComponents()
    {
        ClearModules();
        for (var i = 0; i < _list.Count; i++)
            register_module($"{i}", _list[i]);
    }

    private void Change(Action change)
    {
        change();
        RegisterComponents();
    }
}
