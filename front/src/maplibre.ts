// The map engine: half of the weight of everything else together, fetched only by a page that has a map and can draw it.
export { Map, NavigationControl, Popup, ScaleControl, setWorkerUrl } from 'maplibre-gl';
